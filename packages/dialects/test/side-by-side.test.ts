import { startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { patient } from "./patient.ts";

/** The names of the events that the clients of each family may hear: nothing else reaches them. */
const vocabulary = {
  match: ["joined", "user-joined", "incoming-call", "offer", "call-ended", "user-left"],
  random: ["waiting_for_partner", "partner_found", "offer", "new_message", "partner_disconnected"],
  calls: ["users-list", "user-joined", "call-started", "call-participants", "user-joined-call", "incoming-call"].concat(
    ["webrtc-offer", "user-left-call", "user-left"],
  ),
  rooms: ["joined-room", "user-joined", "participants-updated", "webrtc-offer", "new-message", "user-left"],
  chat: ["message_history", "online_users", "new_message", "incoming_call", "call_answered", "call_ended"],
} as const;

/** Everybody uses the same ids for everything: what keeps the families apart is not that their names differ. */
const ID = "the-same";
const PASSWORD = "correct horse";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ environment: patient });
  return cluster.stop;
});

async function tokenOf(username: string): Promise<string> {
  const response = await fetch(`${cluster.node(0).url}/api/auth/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username, password: PASSWORD }),
  });
  const { token } = (await response.json()) as { token: string };
  return token;
}

/** Two clients at the root namespace, on two nodes. */
async function pair(auths: readonly object[] = [{}, {}]): Promise<[TestClient, TestClient]> {
  const [one, two] = await Promise.all(auths.map((auth, i) => cluster.connect(i, { namespace: "/", auth })));
  return [one as TestClient, two as TestClient];
}

async function ask(client: TestClient, event: string, payload: object): Promise<void> {
  expect(await client.request(event, payload), event).toMatchObject({ ok: true });
}

function receivedBy(client: TestClient, name: string): Promise<unknown> {
  return until(`"${name}"`, () => client.received.find((received) => received.name === name)?.args[0]);
}

const families = {
  match: async () => {
    const [ann, bob] = await pair();
    await ask(ann, "register", { userId: "ann", matchId: ID });
    await ask(bob, "register", { userId: "bob", matchId: ID });
    await ask(ann, "initiate-call", { to: "bob" });
    await ask(ann, "offer", { to: "bob", offer: { family: "match" } });
    expect(await receivedBy(bob, "offer")).toEqual({ offer: { family: "match" }, from: "ann" });
    return [ann, bob] as const;
  },
  random: async () => {
    const [ann, bob] = await pair();
    await ask(ann, "join", { userId: "ann", type: "chat" });
    await ask(bob, "join", { userId: "bob", type: "chat" });
    const { roomId } = (await receivedBy(ann, "partner_found")) as { roomId: string };
    await ask(ann, "offer", { roomId, offer: { family: "random" } });
    await ask(ann, "send_message", { roomId, message: "random" });
    expect(await receivedBy(bob, "offer")).toEqual({ offer: { family: "random" } });
    expect(await receivedBy(bob, "new_message")).toMatchObject({ text: "random", sender: "ann" });
    return [ann, bob] as const;
  },
  calls: async () => {
    const [ann, bob] = await pair();
    await ask(ann, "user-joined", { id: "ann", username: "Ann", joinedAt: 1 });
    await ask(bob, "user-joined", { id: "bob", username: "Bob", joinedAt: 2 });
    await ask(ann, "start-call", { id: ID, initiator: "ann", participants: ["bob"], isVideo: true });
    await ask(bob, "join-call", { callId: ID, user: { id: "bob" } });
    await ask(ann, "webrtc-offer", { callId: ID, targetUserId: "bob", offer: { family: "calls" } });
    expect(await receivedBy(bob, "webrtc-offer")).toEqual({
      callId: ID,
      fromUserId: "ann",
      offer: { family: "calls" },
    });
    return [ann, bob] as const;
  },
  rooms: async () => {
    const [ann, bob] = await pair();
    await ask(ann, "join-room", { roomId: ID, userName: "ann" });
    await ask(bob, "join-room", { roomId: ID, userName: "bob" });
    await ask(ann, "webrtc-offer", { targetId: bob.socket.id, offer: { family: "rooms" } });
    await ask(ann, "send-message", { roomId: ID, message: "rooms" });
    expect(await receivedBy(bob, "webrtc-offer")).toEqual({ senderId: ann.socket.id, offer: { family: "rooms" } });
    expect(await receivedBy(bob, "new-message")).toMatchObject({ message: "rooms", userName: "ann" });
    return [ann, bob] as const;
  },
  chat: async () => {
    const [ann, bob] = await pair([{ token: await tokenOf("ann") }, { token: await tokenOf("bob") }]);
    await ask(ann, "send_message", { text: "chat" });
    await ask(ann, "call_user", { to: "bob", offer: { family: "chat" } });
    await ask(bob, "call_answer", { to: "ann", answer: { family: "chat" } });
    expect(await receivedBy(bob, "new_message")).toMatchObject({ text: "chat", username: "ann" });
    expect(await receivedBy(bob, "incoming_call")).toEqual({ from: "ann", offer: { family: "chat" } });
    expect(await receivedBy(ann, "call_answered")).toEqual({ from: "bob", answer: { family: "chat" } });
    return [ann, bob] as const;
  },
} satisfies Record<keyof typeof vocabulary, () => Promise<readonly [TestClient, TestClient]>>;

test("clients of all five families at the root namespace at once: each is served, and sees nothing of the others", async () => {
  const names = Object.keys(families) as (keyof typeof families)[];
  const pairs = await Promise.all(names.map(async (name) => ({ name, clients: await families[name]() })));
  for (const { name, clients } of pairs) {
    for (const client of clients) {
      const strange = client.received.filter(
        (received) => !(vocabulary[name] as readonly string[]).includes(received.name),
      );
      expect(strange, name).toEqual([]);
      expect(
        client.counts.every(() => name === "random"),
        name,
      ).toBe(true);
    }
    expect(await cluster.store.presence.count(name), name).toBe(2);
  }
  const bobs = pairs.map(({ name, clients: [ann, bob] }) => ({ name, ann, bob }));
  for (const { ann } of bobs) ann.leave();
  const goodbyes = { match: "user-left", random: "partner_disconnected", calls: "user-left", rooms: "user-left" };
  for (const { name, bob } of bobs) {
    if (name !== "chat") await receivedBy(bob, goodbyes[name]);
    await until("one of two to be gone", async () => (await cluster.store.presence.count(name)) === 1);
  }
});

test("a user of one family is nobody in another: not by the same ids, and not by an address of the other", async () => {
  const [ann] = await families.match();
  const [, bob] = await families.rooms();
  const eve = await cluster.connect(1, { namespace: "/rooms" });
  await ask(eve, "join-room", { roomId: "another", userName: "eve" });
  for (const targetId of [ann.socket.id, bob.socket.id, "ann", "bob"]) {
    const answer = await eve.request("webrtc-offer", { targetId, offer: {} });
    expect(answer.error?.code, targetId).toBe("user_offline");
  }
  const mallory = await cluster.connect(1, { namespace: "/match" });
  await ask(mallory, "register", { userId: "mallory", matchId: `rooms:${ID}` });
  for (const to of ["ann", "bob", ann.socket.id, bob.socket.id]) {
    expect((await mallory.request("offer", { to, offer: {} })).error?.code, to).toBe("user_offline");
  }
});
