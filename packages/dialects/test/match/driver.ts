import { randomUUID } from "node:crypto";
import type { TestClient } from "@switchyard/testkit";
import { expect } from "vitest";
import type { Driver } from "../contract/driver.ts";
import { ask, catchUp, receivedBy } from "../contract/hearing.ts";

const matches = new WeakMap<TestClient, string>();
const register = (client: TestClient, matchId: string, userId = client.user) => {
  matches.set(client, matchId);
  return client.request("register", { userId, matchId });
};

export const driver: Driver = {
  dialect: "match",
  matchmakers: 0,
  connect: (cluster, to, options) => cluster.connect(to, { ...options, namespace: "/match" }),
  opening: ({ user: userId }) => ["register", { userId, matchId: `match-${randomUUID()}` }],
  replies: [["joined"], ["joined"]],
  left: ["user-left"],
  takeover: (fresh, old) => register(fresh, matches.get(old) ?? "", old.user),
  async meet(one, two) {
    const matchId = `match-${randomUUID()}`;
    for (const client of [one, two]) await register(client, matchId);
    await catchUp(one, two);
    const other = (client: TestClient) => (client === one ? two : one);
    const to = two.user;
    return {
      sides: [one, two],
      signal: (from, candidate, pretence) => ["ice-candidate", { ...pretence, to: other(from).user, candidate }],
      openAgain: (client) => register(client, matchId),
      intrusions: [
        ...["offer", "answer"].map((event) => [event, { to, [event]: {} }] as const),
        ["ice-candidate", { to, candidate: {} }],
        ...["initiate-call", "accept-call", "reject-call", "end-call"].map(
          (event) => [event, { to, matchId }] as const,
        ),
      ],
      ownAffairs: ["end-call"],
      samples: [
        ["initiate-call", { to }],
        ["accept-call", { to }],
        ["reject-call", { to, reason: "busy" }],
        ["offer", { to, offer: {} }],
        ["answer", { to, answer: {} }],
        ["ice-candidate", { to, candidate: {} }],
        ["end-call", { to }],
      ],
    };
  },
  scene: {
    events: ["joined", "user-joined", "incoming-call", "offer", "call-ended", "user-left"],
    goodbye: "user-left",
    async play(ann, bob, matchId) {
      await ask(ann, "register", { userId: "ann", matchId });
      await ask(bob, "register", { userId: "bob", matchId });
      await ask(ann, "initiate-call", { to: "bob" });
      await ask(ann, "offer", { to: "bob", offer: { family: "match" } });
      expect(await receivedBy(bob, "offer")).toEqual({ offer: { family: "match" }, from: "ann" });
    },
  },
};
