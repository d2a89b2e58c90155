import { randomUUID } from "node:crypto";
import type { TestClient } from "@switchyard/testkit";
import type { Driver } from "../contract/driver.ts";
import { catchUp } from "../contract/hearing.ts";

const userOf = ({ user: id }: TestClient) => ({ id, username: `name of ${id}`, joinedAt: "2026-01-02T03:04:05.678Z" });
const comeOnline = (client: TestClient, as = client) => client.request("user-joined", userOf(as));

export const calls: Driver = {
  dialect: "calls",
  matchmakers: 0,
  connect: (cluster, to, options) => cluster.connect(to, { ...options, namespace: "/calls" }),
  opening: (client) => ["user-joined", userOf(client)],
  reply: ["users-list"],
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
      signal: (from, i) => ["webrtc-ice-candidate", { ...target(from), candidate: { i } }],
      openAgain: (client) => comeOnline(client),
      intrusions: [
        ["webrtc-offer", { ...target(one), offer: {} }],
        ["webrtc-answer", { ...target(one), answer: {} }],
        ["webrtc-ice-candidate", { ...target(one), candidate: {} }],
        ["leave-call", { callId, userId: two.user }],
      ],
      samples: [
        ["webrtc-offer", { ...target(one), offer: {} }],
        ["webrtc-answer", { ...target(one), answer: {} }],
        ["webrtc-ice-candidate", { ...target(one), candidate: {} }],
        ["start-call", { id: callId, initiator: one.user, participants: [], isVideo: true }],
        ["join-call", { callId }],
      ],
    };
  },
};
