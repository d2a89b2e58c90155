import { expect, test } from "vitest";
import type { Person } from "../browser/person.ts";
import { describeOnStage } from "../browser/stage.ts";

describeOnStage("a group call", (stage) => {
  test("one calls two others, all see each other; one leaves and comes back by the call's link", async () => {
    const ann = await comes("ann");
    const bob = await comes("bob");
    const cleo = await comes("cleo");
    await ann.press("choose-bob");
    await ann.press("choose-cleo");
    await ann.press("call-video");
    await bob.sees("incoming", "ann");
    await bob.press("accept");
    await cleo.press("accept");
    await Promise.all([ann, bob, cleo].map((person) => person.playsVideos(2)));
    const { hash } = new URL(await bob.reads("link"));
    await bob.press("leave-call");
    await Promise.all([ann, cleo].map((person) => person.playsVideos(1)));
    await comesBack(bob, hash);
    await Promise.all([ann, bob, cleo].map((person) => person.playsVideos(2)));
    expect(await bob.read("status")).toBe("In a call of 3");
    await bob.reports("report-cleo", "shouts");
  });

  async function comes(name: string): Promise<Person> {
    const person = await stage.person("#/calls");
    await person.writes("username", name);
    await person.press("come-online");
    await person.sees("status", "You are online");
    return person;
  }

  async function comesBack(person: Person, hash: string): Promise<void> {
    await person.writes("call-id", new URLSearchParams(hash.split("?")[1]).get("call") ?? "");
    await person.press("join-video");
  }
});
