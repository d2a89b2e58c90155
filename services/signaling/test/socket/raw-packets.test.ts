import { isDeepStrictEqual } from "node:util";
import {
  expectNothingMore,
  pairClients,
  type RawSocket,
  startCluster,
  type TestClient,
  type TestCluster,
  until,
} from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { dumpAtRest } from "../resting-redis.ts";
import { binaries, breaking, LAST, type Sending, texts } from "./broken-packets.ts";

let cluster: TestCluster;
let bystanders: [TestClient, TestClient];
let roomId: string;
let before: Record<string, unknown>;

const dump = () => dumpAtRest(cluster, [roomId, ...bystanders.map(({ socket }) => String(socket.id))]);

beforeAll(async () => {
  // only the client that sends broken packets drops
  cluster = await startCluster({ environment: { ...patient, RECONNECT_GRACE_MS: 200 } });
  bystanders = [await cluster.connect(0), await cluster.connect(1)];
  roomId = await pairClients(...bystanders);
  before = await dump();
  return cluster.stop;
});
/** The bytes that a connection bound to `/random` receives, and after which the node goes on, also for the two others. */
async function send(send: (raw: RawSocket) => void): Promise<RawSocket> {
  const raw = await cluster.rawSocket(0);
  raw.sendText("40/random,");
  await until("the connection", () => raw.received.some((text) => text.startsWith("40/random,")));
  send(raw);
  return raw;
}

async function othersTalk(): Promise<void> {
  const [ann, bob] = bystanders;
  expect(await ann.request("typing", { roomId, isTyping: true })).toEqual({ ok: true });
  await bob.receive("user_typing");
  await expectNothingMore(ann, bob);
}

const isUsable = (raw: RawSocket) => raw.received.some((text) => text.startsWith("43/random,424242["));

test.each(breaking)("%s ends the connection, and only that", async (_, broken) => {
  const raw = await send(broken);
  await until("it to be closed", () => raw.isClosed);
  await othersTalk();
});

test.each<[string, (raw: RawSocket) => void, RegExp]>([
  ["a callback without an event", texts("42/random,5"), /"validation"/],
  ["a number as an event's name", texts("42/random,5[7]"), /^43\/random,5\[\{"ok":false,"error":\{"code":"validation"/],
  ["an event over the limit", texts(`42/random,5["join",{"userId":"${"x".repeat(70_000)}"}]`), /"payload_too_large"/],
  ["a callback id with 400 digits", texts(`42/random,${"9".repeat(400)}["join"]`), /"validation"/],
  [
    "a binary event",
    (raw) => {
      raw.sendText('451-/random,5["join",{"userId":{"_placeholder":true,"num":0}}]');
      raw.sendBinary(Buffer.from("x"));
    },
    /^43\/random,5\[\{"ok":false,"error":\{"code":"validation"/,
  ],
  ["CONNECT to a namespace that there isn't", texts("40/nothing,"), /^44\/nothing,\{"message":"Invalid namespace"\}$/],
  ["CONNECT to a prototype", texts("40/__proto__,"), /^44\/__proto__,\{"message":"Invalid namespace"\}$/],
  ["an event whose name is from a prototype", texts('42/random,7["__proto__",{}]'), /"validation"/],
  [
    "a fragmented event",
    (raw) => {
      raw.sendFrame(0x01, Buffer.from("42/rand"));
      raw.sendFrame(0x80, Buffer.from('om,["join"]'));
    },
    /"validation"/,
  ],
])("%s is answered with an error, and the connection goes on", async (_, broken, answer) => {
  const raw = await send(broken);
  await until("the answer", () => raw.received.some((text) => answer.test(text)));
  raw.sendText(LAST);
  await until("it to be usable", () => isUsable(raw));
  expect(raw.isClosed).toBe(false);
  await othersTalk();
  raw.close();
});

test.each<Sending>([
  ...binaries,
  ["an event without a payload", texts("42/random,")],
  ["a number as a name, without a callback", texts("42/random,[7]")],
  ["a name from a prototype, without a callback", texts('42/random,["__proto__",{}]')],
])("%s is dropped, and the connection goes on", async (_, dropped) => {
  const raw = await send(dropped);
  raw.sendText(LAST);
  await until("it to be usable or closed", () => raw.isClosed || isUsable(raw));
  expect(raw.isClosed).toBe(false);
  expect(raw.received.filter((text) => text.includes('"error"'))).toEqual([]);
  await othersTalk();
  raw.close();
});

test("binary is dropped in polled payloads too, and what follows in the same payload is read", async () => {
  const polling = `${cluster.node(0).url}/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(polling)).text()).slice(1)) as { sid: string };
  const chunk = `b${Buffer.alloc(100, 7).toString("base64")}`;
  const event = '452-/random,["audio-chunk",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]';
  const received: string[] = [];
  const exchange = async (packets: readonly string[], answer: string) => {
    const post = { method: "POST", body: packets.join("\u001e") };
    expect((await fetch(`${polling}&sid=${sid}`, post)).status).toBe(200);
    await until("the answer", async () => {
      received.push(...(await (await fetch(`${polling}&sid=${sid}`)).text()).split("\u001e"));
      return received.some((text) => text.startsWith(answer));
    });
  };
  await exchange(["40/random,"], "40/random,");
  await exchange([event, chunk, chunk, chunk, LAST], "43/random,424242[");
  expect(received.filter((text) => text.includes('"error"'))).toEqual([]);
  await fetch(`${polling}&sid=${sid}`, { method: "POST", body: "41/random," });
});

test.each<Sending>([
  ["an acknowledgement of nothing", texts("43/random,999[]", "43/random,[]", "43/random,1e999[{}]")],
  ["a DISCONNECT of a namespace that isn't open", texts("41/other,", "41,")],
  ["pongs and noops nobody asked for", texts("3", "3probe", "6", "2probe", "5")],
])("%s does nothing, or ends the connection", async (_, odd) => {
  const raw = await send(odd);
  raw.sendText(LAST);
  await until("it to be usable or closed", () => raw.isClosed || isUsable(raw));
  await othersTalk();
  raw.close();
});

test("an attachment that was announced and never comes keeps nobody else waiting", async () => {
  const raw = await send(texts('451-/random,["join",{"_placeholder":true,"num":0}]'));
  await othersTalk();
  expect(raw.isClosed).toBe(false);
  raw.close();
});

test("a thousand connections that ask for nothing, or for a namespace and go", async () => {
  const open = async (i: number) => {
    const raw = await cluster.rawSocket(i % 2);
    if (i % 3 === 0) raw.sendText("40/random,");
    if (i % 3 === 1) for (let j = 0; j < 5; j += 1) raw.sendText(`40/none${j},`);
    raw.close();
  };
  for (let i = 0; i < 1000; i += 50) await Promise.all(Array.from({ length: 50 }, (_, j) => open(i + j)));
  await othersTalk();
});

test("after all that Redis is as before, and the nodes have nothing to complain of", async () => {
  await until("Redis to be as before", async () => isDeepStrictEqual(await dump(), before)).catch(async () =>
    expect(await dump()).toEqual(before),
  );
  for (const node of cluster.nodes) {
    expect(node.errors()).toEqual([]);
    await until("a node to be ready", async () => (await fetch(`${node.url}/readyz`)).status === 200);
  }
});
