import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { findingsOf } from "../browser/inspector.ts";
import { desk, type Person, phone } from "../browser/person.ts";
import { describeOnStage } from "../browser/stage.ts";

const PASSWORD = "correct horse";
const NEW_PASSWORD = "battery staple of the tests";

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

  test("one reports another one, and does what an owner can do with the own account, by the keyboard too", async () => {
    const [ann, annsName] = await registers("ann", phone);
    const [bob, bobsName] = await registers("bob");
    await ann.press(`report-${bobsName}`);
    expect(await findingsOf(ann)).toEqual([]);
    await ann.page.keyboard.press("Escape");
    await ann.seesNo("send-report");
    await ann.reports(`report-${bobsName}`, "insults");
    const [report] = await stage.cluster().store.reports.list("open", 1);
    expect(report).toMatchObject({ reported: { user: bobsName }, words: "insults" });

    await ann.page.getByTestId("account").focus();
    await ann.page.keyboard.press("Enter");
    expect(await findingsOf(ann)).toEqual([]);
    await changesPassword(ann, "a wrong one", NEW_PASSWORD);
    await ann.sees("account-problem", "The password is wrong");
    await changesPassword(ann, PASSWORD, "password1");
    await ann.sees("account-problem", "harder to guess");
    await changesPassword(ann, PASSWORD, NEW_PASSWORD);
    await ann.sees("notice", "Your password is changed");
    await bob.says("are you there?");
    await ann.sees("messages", "are you there?");

    const [file] = await Promise.all([ann.page.waitForEvent("download"), ann.press("download-data")]);
    expect(file.suggestedFilename()).toBe(`${annsName}.json`);
    expect(JSON.parse(await readFile(await file.path(), "utf8"))).toMatchObject({ username: annsName });

    await ann.press("delete");
    await ann.writes("delete-password", NEW_PASSWORD);
    await ann.press("delete-for-good");
    await ann.sees("login-problem", "Your account is deleted");
    await bob.press("account");
    await bob.press("log-out-everywhere");
    await bob.sees("login-problem", "You are logged out everywhere");
    await logsIn(bob, bobsName, PASSWORD);
    await bob.sees("status", `You are in the chatroom as ${bobsName}`);
  });

  async function changesPassword(person: Person, old: string, fresh: string): Promise<void> {
    await person.writes("old-password", old);
    await person.writes("new-password", fresh);
    await person.press("change-password");
  }

  async function registers(name: string, screen = desk): Promise<[Person, string]> {
    const username = `${name}-${randomBytes(4).toString("hex")}`;
    const person = await stage.person("#/chat", null, { screen });
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
