import { randomUUID } from "node:crypto";
import { type Context, enterChatroom, Participant, sendCandidate } from "@switchyard/core";
import { openTestStore, type TestStore } from "@switchyard/testkit";
import { beforeAll, expect, inject, test } from "vitest";
import { dialects, openContexts } from "../../src/index.ts";

let opened: TestStore;
let context: Context;
beforeAll(async () => {
  opened = await openTestStore(inject("redisUrl"));
  const limits = {
    callParticipants: 8,
    roomParticipants: 8,
    roomLingerMs: 60_000,
    historyLimit: 10,
    messagesKept: 100,
    chatHistoryBytes: 1_048_576,
    retentionMs: 86_400_000,
    peopleListed: 100,
    reportsPerDay: 100,
    reportAfterMs: 60_000,
    reportsKept: 1000,
    reportRetentionMs: 60_000,
  };
  context = openContexts(dialects, opened.store, limits).get("chat") as Context;
  return opened.close;
});

async function somebody(): Promise<Participant> {
  const [session, user] = [randomUUID(), randomUUID()];
  await opened.store.sessions.open(session, "chat", "secret", "node");
  const participant = new Participant(session, "chat", 1);
  participant.bearer = { user, dialect: undefined, room: undefined, cohort: undefined };
  await enterChatroom(context, participant);
  return participant;
}

test("of those who can't be reached nothing is remembered, nor of those who were", async () => {
  const [own, other] = [await somebody(), await somebody()];
  const wayTo = (user: string) => own.routeTo(user);
  const before = [wayTo("nobody"), wayTo(other.requireUser())];
  await expect(sendCandidate(context, own, "nobody", {})).rejects.toThrow();
  await sendCandidate(context, own, other.requireUser(), {});
  expect(wayTo("nobody")).not.toBe(before[0]);
  expect(wayTo(other.requireUser())).not.toBe(before[1]);
});
