import type { TestClient } from "@switchyard/testkit";
import { expect } from "vitest";
import type { Driver } from "../contract/driver.ts";
import { ask, catchUp, receivedBy } from "../contract/hearing.ts";
import { newName, registered, tokenFor } from "./accounts.ts";

/** Users by connection: a token says who it is. */
const names = new WeakMap<TestClient, string>();

export const driver: Driver = {
  dialect: "chat",
  matchmakers: 0,
  async connect(cluster, to, options) {
    const name = newName("user");
    const client = await cluster.connect(to, {
      ...options,
      namespace: "/chat",
      auth: { token: tokenFor({ sub: name }) },
    });
    names.set(client, name);
    return client;
  },
  opening: undefined,
  replies: [[], []],
  left: ["call_ended"],
  takeover: undefined,
  async meet(one, two) {
    const other = (client: TestClient) => names.get(client === one ? two : one) ?? "";
    await catchUp(one, two);
    await one.request("call_user", { to: other(one), offer: {} });
    await catchUp(one, two);
    await two.request("call_answer", { to: other(two), answer: {} });
    await catchUp(one, two);
    const to = other(one);
    return {
      sides: [one, two],
      signal: (from, candidate, pretence) => ["ice_candidate", { ...pretence, to: other(from), candidate }],
      openAgain: () => Promise.reject(new Error("a token opens")),
      intrusions: [],
      ownAffairs: [],
      samples: [
        ["send_message", { text: "?" }],
        ["call_user", { to, offer: {} }],
        ["call_answer", { to, answer: {} }],
        ["ice_candidate", { to, candidate: {} }],
        ["end_call", { to }],
        ["load_messages", { limit: 1 }],
        ["report_user", { username: to, category: "spam", reason: "?" }],
      ],
    };
  },
  scene: {
    auth: async (cluster, name) => ({ token: await registered(cluster, name) }),
    events: ["message_history", "online_users", "new_message", "incoming_call", "call_answered", "call_ended"],
    goodbye: undefined,
    async play(ann, bob) {
      await ask(ann, "send_message", { text: "chat" });
      await ask(ann, "call_user", { to: "bob", offer: { family: "chat" } });
      await ask(bob, "call_answer", { to: "ann", answer: { family: "chat" } });
      expect(await receivedBy(bob, "new_message")).toMatchObject({ text: "chat", username: "ann" });
      expect(await receivedBy(bob, "incoming_call")).toEqual({ from: "ann", offer: { family: "chat" } });
      expect(await receivedBy(ann, "call_answered")).toEqual({ from: "bob", answer: { family: "chat" } });
    },
  },
};
