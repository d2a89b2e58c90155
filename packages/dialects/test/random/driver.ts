import { pairClients as pair, type TestClient } from "@switchyard/testkit";
import type { Driver } from "../contract/driver.ts";
import { catchUp } from "../contract/hearing.ts";

const content = (client: TestClient) => ({ userId: client.user, type: "chat" });

export const random: Driver = {
  dialect: "random",
  matchmakers: 1,
  connect: (cluster, to, options) => cluster.connect(to, { ...options, namespace: "/random" }),
  opening: (client) => ["join", content(client)],
  reply: ["partner_found"],
  left: ["partner_disconnected"],
  takeover: (fresh, old) => fresh.request("join", content(old)),
  async meet(one, two) {
    const roomId = await pair(one, two);
    await catchUp(one, two);
    return {
      sides: [one, two],
      signal: (_, i) => ["ice_candidate", { roomId, candidate: { i } }],
      openAgain: (client) => client.request("join", content(client)),
      intrusions: [
        ["offer", { roomId, offer: {} }],
        ["answer", { roomId, answer: {} }],
        ["ice_candidate", { roomId, candidate: {} }],
        ["send_message", { roomId, message: "?" }],
        ["typing", { roomId, isTyping: true }],
        ["leave_room", { roomId }],
        ["block_user", { roomId }],
      ],
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
};
