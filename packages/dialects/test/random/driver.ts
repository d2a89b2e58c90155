import { pairClients as pair, type TestClient } from "@switchyard/testkit";
import { expect } from "vitest";
import type { Driver } from "../contract/driver.ts";
import { ask, catchUp, receivedBy } from "../contract/hearing.ts";

const content = (client: TestClient) => ({ userId: client.user, type: "chat" });

export const driver: Driver = {
  dialect: "random",
  matchmakers: 1,
  connect: (cluster, to, options) => cluster.connect(to, { ...options, namespace: "/random" }),
  opening: (client) => ["join", content(client)],
  replies: [["partner_found"], ["partner_found"]],
  left: ["partner_disconnected"],
  takeover: (fresh, old) => fresh.request("join", content(old)),
  async meet(one, two) {
    const roomId = await pair(one, two);
    await catchUp(one, two);
    return {
      sides: [one, two],
      signal: (_, candidate, pretence) => ["ice_candidate", { ...pretence, roomId, candidate }],
      openAgain: (client) => client.request("join", content(client)),
      intrusions: [
        ["offer", { roomId, offer: {} }],
        ["answer", { roomId, answer: {} }],
        ["ice_candidate", { roomId, candidate: {} }],
        ["send_message", { roomId, message: "?" }],
        ["typing", { roomId, isTyping: true }],
        ["leave_room", { roomId }],
        ["leave_video", { roomId }],
        ["block_user", { roomId }],
        ["report_user", { roomId }],
      ],
      ownAffairs: [],
      samples: [
        ["offer", { roomId, offer: {} }],
        ["answer", { roomId, answer: {} }],
        ["ice_candidate", { roomId, candidate: {} }],
        ["send_message", { roomId, message: "?" }],
        ["typing", { roomId, isTyping: true }],
        ["where", {}],
      ],
    };
  },
  scene: {
    events: ["waiting_for_partner", "partner_found", "offer", "new_message", "partner_disconnected"],
    goodbye: "partner_disconnected",
    // users of their own: who met within the last half hour, in another file against the same deployment, is kept apart
    async play(ann, bob) {
      await ask(ann, "join", content(ann));
      await ask(bob, "join", content(bob));
      const { roomId } = (await receivedBy(ann, "partner_found")) as { roomId: string };
      await ask(ann, "offer", { roomId, offer: { family: "random" } });
      await ask(ann, "send_message", { roomId, message: "random" });
      expect(await receivedBy(bob, "offer")).toEqual({ offer: { family: "random" } });
      expect(await receivedBy(bob, "new_message")).toMatchObject({ text: "random", sender: ann.user });
    },
  },
};
