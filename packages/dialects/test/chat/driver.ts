import type { TestClient } from "@switchyard/testkit";
import type { Driver } from "../contract/driver.ts";
import { catchUp } from "../contract/hearing.ts";
import { newName, tokenFor } from "./accounts.ts";

/** Users by connection: a token says who it is. */
const names = new WeakMap<TestClient, string>();

export const chat: Driver = {
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
  reply: [],
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
      signal: (from, i) => ["ice_candidate", { to: other(from), candidate: { i } }],
      openAgain: () => Promise.reject(new Error("a token opens")),
      intrusions: [],
      samples: [
        ["send_message", { text: "?" }],
        ["call_user", { to, offer: {} }],
        ["call_answer", { to, answer: {} }],
        ["ice_candidate", { to, candidate: {} }],
        ["end_call", { to }],
        ["load_messages", { limit: 1 }],
      ],
    };
  },
};
