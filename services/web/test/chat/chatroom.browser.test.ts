import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import type { Person } from "../browser/person.ts";
import { describeOnStage } from "../browser/stage.ts";

const PASSWORD = "correct horse";

describeOnStage("the chatroom", (stage) => {
  test("two register, write, reload, log in again and call each other", async () => {
    const [ann, annsName] = await registers("ann");
    const [bob, bobsName] = await registers("bob");
    await ann.says("hello from ann");
    await bob.sees("messages", "hello from ann");

    await bob.reload("transport");
    await bob.sees("messages", "hello from ann");
    await bob.press("log-out");
    await logsIn(bob, bobsName, "a wrong one");
    await bob.sees("login-problem", /\w+/);
    await logsIn(bob, bobsName, PASSWORD);
    await bob.sees("status", `You are in the chatroom as ${bobsName}`);
    await bob.sees("messages", "hello from ann");

    await ann.press(`call-${bobsName}`);
    await bob.sees("pending-call", annsName);
    await bob.press("accept");
    await Promise.all([ann.playsVideos(1), bob.playsVideos(1)]);
    await bob.press("end");
    await ann.sees("notice", "has ended the call");
    await bob.press(`call-${annsName}`);
    await ann.press("decline");
    await bob.sees("notice", "did not take the call");
  });

  async function registers(name: string): Promise<[Person, string]> {
    const username = `${name}-${randomBytes(4).toString("hex")}`;
    const person = await stage.person("#/chat", null);
    await person.writes("username", username);
    await person.writes("password", PASSWORD);
    await person.press("register");
    await person.sees("status", `You are in the chatroom as ${username}`);
    expect(await person.known("transport")).toMatch(/polling|websocket/);
    return [person, username];
  }

  async function logsIn(person: Person, username: string, password: string): Promise<void> {
    await person.writes("username", username);
    await person.writes("password", password);
    await person.press("login");
  }
});
