import { isDeepStrictEqual } from "node:util";
import { dialects } from "@switchyard/dialects";
import { expectNothingMore, pairClients, type RawSocket, type TestCluster, until } from "@switchyard/testkit";
import * as fc from "fast-check";
import { expect } from "vitest";
import { dumpAtRest } from "../resting-redis.ts";

type Step = (raw: RawSocket) => void;

const eventName = fc.oneof(fc.constantFrom(...dialects.flatMap(({ commands }) => [...commands.keys()])), fc.string());
const fields = fc.record(
  {
    userId: fc.oneof(fc.string(), fc.constantFrom("one", "two", "three")),
    type: fc.constantFrom("chat", "video", "other"),
    preferences: fc.jsonValue(),
    roomId: fc.string(),
    message: fc.string({ unit: "binary" }),
    isTyping: fc.boolean(),
    offer: fc.jsonValue(),
    candidate: fc.jsonValue(),
  },
  { requiredKeys: [] },
);
const event = fc
  .tuple(fc.constantFrom("42", "42/random,", "40", "40/random,", "41/random,"), fc.nat(99), eventName, fields)
  .map(([head, id, name, content]) => {
    if (!head.startsWith("42")) return head + JSON.stringify(content);
    return `${head}${id % 2 === 0 ? id : ""}${JSON.stringify([name, content])}`;
  });
/** An event with some of its characters lost, doubled or replaced. */
const damaged = fc
  .tuple(event, fc.array(fc.tuple(fc.nat(), fc.string({ maxLength: 3 }), fc.nat(4))))
  .map(([text, cuts]) =>
    cuts.reduce((whole, [at, put, length]) => {
      const position = at % (whole.length + 1);
      return whole.slice(0, position) + put + whole.slice(position + length);
    }, text),
  );
const packetLike = fc.string({ unit: fc.constantFrom(...'0123456789/,[]{}"-\\:_randomjoin\u001e') });
const texts = fc.oneof(event, damaged, damaged, packetLike, fc.string({ unit: "binary", maxLength: 200 }));
const bytes = fc.uint8Array({ maxLength: 200 });
const step: fc.Arbitrary<[string, Step]> = fc.oneof(
  { weight: 8, arbitrary: texts.map((text): [string, Step] => [`text ${text}`, (raw) => raw.sendText(text)]) },
  { weight: 1, arbitrary: bytes.map((data): [string, Step] => [`binary ${data}`, (raw) => raw.sendBinary(data)]) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.nat(255), bytes)
      .map(([first, data]): [string, Step] => [`frame ${first} ${data}`, (raw) => raw.sendFrame(first, data)]),
  },
);

/**
 * Sends a cluster of two nodes whatever comes to mind, while two others talk.
 * @param numRuns over how many connections
 * @throws AssertionError if the others notice anything, a node logs an error, or anything of it stays in Redis
 */
export async function fuzz(cluster: TestCluster, numRuns: number): Promise<void> {
  const [ann, bob] = [await cluster.connect(0), await cluster.connect(1)];
  const roomId = await pairClients(ann, bob);
  const ids = [ann, bob].map(({ socket }) => String(socket.id));
  const dump = () => dumpAtRest(cluster, [roomId, "sy:{queue:chat}:meta", "sy:{queue:video}:meta", ":met", ...ids]);
  const before = await dump();
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(step, { minLength: 1, maxLength: 12 }), async (connects, steps) => {
      const raw = await cluster.rawSocket(runs % 2);
      if (connects) raw.sendText("40/random,");
      for (const [, send] of steps) send(raw);
      const last = runs + 1000;
      raw.sendText(`42/random,${last}["where",{}]`);
      await until(
        "an answer or the end",
        () => raw.isClosed || !connects || raw.received.some((text) => text.startsWith(`43/random,${last}[`)),
      );
      raw.close();
      runs += 1;
      if (runs % 20 !== 0) return;
      expect(await ann.request("typing", { roomId, isTyping: true })).toEqual({ ok: true });
      await bob.receive("user_typing");
    }),
    { numRuns },
  );
  await expectNothingMore(ann, bob);
  for (const node of cluster.nodes) expect(node.errors()).toEqual([]);
  await until("Redis to be as before", async () => isDeepStrictEqual(await dump(), before)).catch(async () =>
    expect(await dump()).toEqual(before),
  );
}
