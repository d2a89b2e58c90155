import { randomUUID } from "node:crypto";
import type { TestClient } from "@switchyard/testkit";
import { expect } from "vitest";
import type { Driver } from "../contract/driver.ts";
import { ask, catchUp, receivedBy } from "../contract/hearing.ts";
import { sentBy } from "./joined.ts";

const join = (client: TestClient, roomId: string) => client.request("join-room", { roomId, userName: client.user });

export const driver: Driver = {
  dialect: "rooms",
  matchmakers: 0,
  connect: (cluster, to, options) => cluster.connect(to, { ...options, namespace: "/rooms" }),
  opening: ({ user: userName }) => ["join-room", { roomId: `room-${randomUUID()}`, userName }],
  replies: [["joined-room"], ["joined-room"]],
  left: ["user-left", "participants-updated"],
  takeover: undefined,
  async meet(one, two) {
    const roomId = `room-${randomUUID()}`;
    for (const client of [one, two]) await join(client, roomId);
    await catchUp(one, two);
    const [idOfOne, idOfTwo] = [String(one.socket.id), String(two.socket.id)];
    const other = (client: TestClient) => (client === one ? idOfTwo : idOfOne);
    const targetId = other(one);
    return {
      sides: [one, two],
      signal: (from, candidate, pretence) => [
        "webrtc-ice-candidate",
        { ...pretence, targetId: other(from), candidate },
      ],
      openAgain: (client) => join(client, roomId),
      intrusions: [
        ["webrtc-offer", { targetId, roomId, offer: {} }],
        ["webrtc-answer", { targetId, roomId, answer: {} }],
        ["webrtc-ice-candidate", { targetId, roomId, candidate: {} }],
        ["request-connection", { targetId, roomId }],
        ["request-connection", { targetSocketId: targetId }],
        ["send-message", { roomId, message: "?" }],
        ["toggle-audio", { roomId, isAudioMuted: true }],
        ["toggle-video", { roomId, isVideoOff: true }],
        ["toggle-media", { roomId, type: "audio", enabled: false }],
        ["start-screen-share", { roomId }],
        ["stop-screen-share", { roomId }],
        ["toggle-screen-share", { roomId, isScreenSharing: true }],
        ["report_user", { targetId, roomId }],
        ["leave-room", { roomId }],
      ],
      ownAffairs: [],
      samples: [
        ["webrtc-offer", { targetId, offer: {} }],
        ["webrtc-answer", { targetId, answer: {} }],
        ["webrtc-ice-candidate", { targetId, candidate: {} }],
        ["request-connection", { targetId }],
        ["send-message", { roomId, message: "?" }],
        ["toggle-audio", { roomId, isAudioMuted: true }],
        ["toggle-video", { roomId, isVideoOff: true }],
        ["toggle-media", { roomId, type: "audio", enabled: false }],
        ["start-screen-share", { roomId }],
        ["stop-screen-share", { roomId }],
        ["toggle-screen-share", { roomId, isScreenSharing: true }],
        ["report_user", { targetId, roomId, category: "spam", reason: "?" }],
      ],
    };
  },
  scene: {
    events: ["joined-room", "user-joined", "participants-updated", "webrtc-offer", "new-message", "user-left"],
    goodbye: "user-left",
    async play(ann, bob, roomId) {
      await ask(ann, "join-room", { roomId, userName: "ann" });
      await ask(bob, "join-room", { roomId, userName: "bob" });
      await ask(ann, "webrtc-offer", { targetId: bob.socket.id, offer: { family: "rooms" } });
      await ask(ann, "send-message", { roomId, message: "rooms" });
      expect(await receivedBy(bob, "webrtc-offer")).toEqual({ ...sentBy(ann), offer: { family: "rooms" } });
      expect(await receivedBy(bob, "new-message")).toMatchObject({ message: "rooms", userName: "ann" });
    },
  },
};
