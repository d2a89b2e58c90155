import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import type { Driver } from "../contract/driver.ts";
import { ask, catchUp, receivedBy } from "../contract/hearing.ts";

const newRoom = () => `room-${randomUUID()}`;

export const driver: Driver = {
  dialect: "codelab",
  matchmakers: 0,
  connect: (cluster, to, options) => cluster.connect(to, { ...options, namespace: "/codelab" }),
  opening: () => ["create or join", newRoom()],
  replies: [
    ["created", "join", "ready"],
    ["joined", "ready"],
  ],
  left: ["bye"],
  takeover: undefined,
  async meet(one, two) {
    const room = newRoom();
    for (const client of [one, two]) await client.request("create or join", room);
    await catchUp(one, two);
    return {
      sides: [one, two],
      signal: (_, body, pretence) => ["message", body, ...(pretence ? [pretence] : [])],
      openAgain: (client) => client.request("create or join", room),
      intrusions: [["create or join", room], ["message", { room }], ["bye"]],
      ownAffairs: ["message", "bye"],
      samples: [["message", {}]],
    };
  },
  scene: {
    events: ["created", "joined", "join", "ready", "message", "bye"],
    goodbye: "bye",
    async play(ann, bob, room) {
      await ask(ann, "create or join", room);
      await ask(bob, "create or join", room);
      await ask(ann, "message", { dialect: "codelab" });
      expect(await receivedBy(bob, "message")).toEqual({ dialect: "codelab" });
    },
  },
};
