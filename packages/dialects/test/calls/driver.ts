import { randomUUID } from "node:crypto";
import type { TestClient } from "@switchyard/testkit";
import { expect } from "vitest";
import type { Driver } from "../contract/driver.ts";
import { ask, catchUp, receivedBy } from "../contract/hearing.ts";

const userOf = ({ user: id }: TestClient) => ({ id, username: `name of ${id}`, joinedAt: "2026-01-02T03:04:05.678Z" });
const comeOnline = (client: TestClient, as = client) => client.request("user-joined", userOf(as));

export const driver: Driver = {
  dialect: "calls",
  matchmakers: 0,
  connect: (cluster, to, options) => cluster.connect(to, { ...options, namespace: "/calls" }),
  opening: (client) => ["user-joined", userOf(client)],
  replies: [["users-list"], ["users-list"]],
  left: ["user-left-call", "user-left"],
  takeover: comeOnline,
  async meet(one, two) {
    const callId = `call-${randomUUID()}`;
    for (const client of [one, two]) await comeOnline(client);
    await one.request("start-call", { id: callId, initiator: one.user, participants: [], isVideo: true });
    await two.request("join-call", { callId, user: userOf(two) });
    await catchUp(one, two);
    const target = (from: TestClient) => ({ callId, targetUserId: (from === one ? two : one).user });
    return {
      sides: [one, two],
      signal: (from, candidate, pretence) => ["webrtc-ice-candidate", { ...pretence, ...target(from), candidate }],
      openAgain: (client) => comeOnline(client),
      intrusions: [
        ["webrtc-offer", { ...target(one), offer: {} }],
        ["webrtc-answer", { ...target(one), answer: {} }],
        ["webrtc-ice-candidate", { ...target(one), candidate: {} }],
        ["leave-call", { callId, userId: two.user }],
      ],
      ownAffairs: [],
      samples: [
        ["webrtc-offer", { ...target(one), offer: {} }],
        ["webrtc-answer", { ...target(one), answer: {} }],
        ["webrtc-ice-candidate", { ...target(one), candidate: {} }],
        ["start-call", { id: callId, initiator: one.user, participants: [], isVideo: true }],
        ["join-call", { callId }],
        ["report_user", { ...target(one), category: "spam", reason: "?" }],
      ],
    };
  },
  scene: {
    events: [
      "users-list",
      "user-joined",
      "call-started",
      "call-participants",
      "user-joined-call",
      "incoming-call",
      "webrtc-offer",
      "user-left-call",
      "user-left",
    ],
    goodbye: "user-left",
    async play(ann, bob, callId) {
      await ask(ann, "user-joined", { id: "ann", username: "Ann", joinedAt: 1 });
      await ask(bob, "user-joined", { id: "bob", username: "Bob", joinedAt: 2 });
      await ask(ann, "start-call", { id: callId, initiator: "ann", participants: ["bob"], isVideo: true });
      await ask(bob, "join-call", { callId, user: { id: "bob" } });
      await ask(ann, "webrtc-offer", { callId, targetUserId: "bob", offer: { family: "calls" } });
      expect(await receivedBy(bob, "webrtc-offer")).toEqual({
        callId,
        fromUserId: "ann",
        offer: { family: "calls" },
      });
    },
  },
};
