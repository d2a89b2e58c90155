import { randomUUID } from "node:crypto";
import { enter, Participant, setFlag } from "@switchyard/core";
import { dialectLimitsOf, dialects, openContexts } from "@switchyard/dialects";
import { openTestStore } from "@switchyard/testkit";
import { expect, inject, onTestFinished, test } from "vitest";
import { readSignalingConfig } from "../../src/config.ts";
import { LocalSession } from "../../src/sessions/local-session.ts";
import type { SessionHostParts } from "../../src/sessions/session-host-parts.ts";
import { takeOverByUser } from "../../src/sessions/takeover.ts";

test("events that came after a session was found by its user are whole, those too that are kept as references", async () => {
  const { store, close } = await openTestStore(inject("redisUrl"));
  onTestFinished(close);
  const contexts = openContexts(dialects, store, dialectLimitsOf(readSignalingConfig({})));
  const context = contexts.get("rooms");
  if (!context) throw new Error("there are no meetings");
  const room = `rooms:${randomUUID()}`;
  const [ann, bob] = [randomUUID(), randomUUID()].map((id) => new Participant(id, "rooms", 1)) as [
    Participant,
    Participant,
  ];
  for (const participant of [ann, bob]) {
    const { session } = participant;
    await store.sessions.open(session, "rooms", "secret", "node", { recoversByUser: true });
    await store.sessions.setUser(session, String(session), undefined, 1);
    await enter(context, participant, { room, user: String(session), profile: { userName: "somebody" } });
  }
  await store.sessions.detach(ann.session, "node", 1, store.clock.now() + 60_000);
  const { number = 0 } = (await store.sessions.read(ann.session)) ?? {};
  await setFlag(context, bob, room, "audioMuted", true);

  const session = new LocalSession(new Participant(ann.session, "", 0), number, {} as never);
  const parts = {
    node: "another node",
    cluster: { store, contexts, graceMs: 60_000 },
    subscriptions: { subscribe: async () => {}, unsubscribe: async () => {} },
    metrics: { resumes: { inc: () => {} } },
  };
  const user = { user: String(ann.session), bearer: undefined };
  const restored = await takeOverByUser(parts as unknown as SessionHostParts, session, user);
  const packets = restored?.missed.map(({ packet }) => JSON.parse(packet) as [string, unknown]) ?? [];
  expect(packets.at(-1)).toMatchObject([
    "participants-updated",
    [{ id: ann.session }, { id: bob.session, isAudioMuted: true }],
  ]);
});
