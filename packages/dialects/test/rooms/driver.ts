import { randomUUID } from "node:crypto";
import type { TestClient } from "@switchyard/testkit";
import type { Driver } from "../contract/driver.ts";
import { catchUp } from "../contract/hearing.ts";

const join = (client: TestClient, roomId: string) => client.request("join-room", { roomId, userName: client.user });

export const rooms: Driver = {
  dialect: "rooms",
  matchmakers: 0,
  connect: (cluster, to, options) => cluster.connect(to, { ...options, namespace: "/rooms" }),
  opening: ({ user: userName }) => ["join-room", { roomId: `room-${randomUUID()}`, userName }],
  reply: ["joined-room"],
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
      signal: (from, i) => ["webrtc-ice-candidate", { targetId: other(from), candidate: { i } }],
      openAgain: (client) => join(client, roomId),
      intrusions: [
        ["webrtc-offer", { targetId, roomId, offer: {} }],
        ["webrtc-answer", { targetId, roomId, answer: {} }],
        ["webrtc-ice-candidate", { targetId, roomId, candidate: {} }],
        ["send-message", { roomId, message: "?" }],
        ["toggle-audio", { roomId, isAudioMuted: true }],
        ["toggle-video", { roomId, isVideoOff: true }],
        ["start-screen-share", { roomId }],
        ["stop-screen-share", { roomId }],
        ["leave-room", { roomId }],
      ],
      samples: [
        ["webrtc-offer", { targetId, offer: {} }],
        ["webrtc-answer", { targetId, answer: {} }],
        ["webrtc-ice-candidate", { targetId, candidate: {} }],
        ["send-message", { roomId, message: "?" }],
        ["toggle-audio", { roomId, isAudioMuted: true }],
        ["toggle-video", { roomId, isVideoOff: true }],
        ["start-screen-share", { roomId }],
        ["stop-screen-share", { roomId }],
      ],
    };
  },
};
