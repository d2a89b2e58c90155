import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { partOf, readScenario } from "../src/index.ts";
import { HandshakeLimiter } from "../src/run/handshake-limiter.ts";
import { insistOnFiles } from "../src/run/open-files.ts";
import { withSources } from "../src/scenario/sources.ts";
import { Transport } from "../src/wire/transport.ts";

const scenarioWith = (text: string) =>
  readScenario(`${text}\ntargets: [http://a:1, http://b:1]\nthresholds: [lost = 0]`);
const parts = (text: string, of: number) =>
  Array.from({ length: of }, (_, index) => partOf(scenarioWith(text), { number: index + 1, of }));

test.for([
  ["meetings of 8", "mix: [{ behaviour: rooms, size: 8 }]\narrival: { users: 50 }", 3, [16, 24, 10]],
  ["calls of two", "mix: [{ behaviour: match }]\narrival: { users: 9 }", 2, [6, 3]],
  ["group calls of 4", "mix: [{ behaviour: calls, size: 4 }]\narrival: { users: 16 }", 2, [8, 8]],
  ["users alone", "mix: [{ behaviour: idle }]\narrival: { users: 10 }", 4, [3, 2, 3, 2]],
] as const)("%s stay together when users are shared out", ([, text, of, users]) => {
  expect(parts(text, of).map(({ arrival }) => "users" in arrival && arrival.users)).toEqual(users);
});

test("rates, cuts and handshakes are shared, targets begin elsewhere, and thresholds are for all together", () => {
  const [one, other] = parts("mix: [{ behaviour: idle }]\narrival: { rate: 9 }\ncuts: 3\nhandshakes: 100", 2);
  expect(one).toMatchObject({ arrival: { rate: 4.5 }, cuts: 1.5, handshakes: 50, thresholds: [] });
  expect([one?.targets[0], other?.targets[0]]).toEqual(["http://a:1", "http://b:1"]);
  expect(one?.seed).not.toBe(other?.seed);
});

test("users who pause do so in each worker", () => {
  const [one] = parts("mix: [{ behaviour: chat }]\narrival: { users: 4, pause: 2s }", 2);
  expect(one?.arrival).toEqual({ users: 2, pause: 2000 });
});

test("more workers than groups are refused", () => {
  expect(() => parts("mix: [{ behaviour: rooms, size: 8 }]\narrival: { users: 17 }", 4)).toThrow(
    "17 users are 3 groups of 8, too few for 4 workers",
  );
});

test("too few open files are found before anybody connects", () => {
  const idle = scenarioWith("mix: [{ behaviour: idle }]\narrival: { users: 20000 }");
  expect(() => insistOnFiles(idle, 4096)).toThrow(
    "needs 20200 open files and may have 4096: ulimit -n 20200, or 6 times",
  );
  expect(() => insistOnFiles(idle, 20_200)).not.toThrow();
  expect(() => insistOnFiles({ ...idle, transport: "polling" }, 20_200)).toThrow("needs 40200");
  const open = scenarioWith("mix: [{ behaviour: idle }]\narrival: { rate: 100, stay: 50s }");
  expect(() => insistOnFiles(open, 5000)).toThrow("needs 5200");
});

test("this machine has other addresses where one has too few ports; elsewhere they are named", () => {
  const text = (users: number) => `mix: [{ behaviour: idle }]\narrival: { users: ${users} }`;
  const here = { targets: ["http://127.0.0.1:3000"] };
  const sourcesOf = (users: number, overrides = {}) =>
    withSources(readScenario(text(users), { ...here, ...overrides }), "linux").sources;
  expect(sourcesOf(20_000)).toEqual([]);
  expect(sourcesOf(45_000)).toEqual(["127.0.0.2", "127.0.0.3", "127.0.0.4"]);
  expect(sourcesOf(45_000, { targets: ["http://10.0.0.1:3000"] })).toEqual([]);
  expect(sourcesOf(10, { sources: ["10.0.0.8"] })).toEqual(["10.0.0.8"]);
  expect(() => sourcesOf(10, { sources: ["nowhere"] })).toThrow("sources");
});

test("only so many users connect at once, in the order in which they were due, each since it was due", () => {
  const arrived: [number, number][] = [];
  const users = [0, 1, 2, 3, 4].map((index) => ({ arrive: (at: number) => void arrived.push([index, at]) }));
  const limiter = new HandshakeLimiter(2);
  const [first, , third] = users;
  for (const [index, user] of users.entries()) limiter.enter(user, 10 * index);
  expect(arrived).toEqual([
    [0, 0],
    [1, 10],
  ]);
  if (first) limiter.leave(first);
  if (first) limiter.leave(first); // connected again later: that is not bounded
  expect(arrived.slice(2)).toEqual([[2, 20]]);
  limiter.close();
  for (const user of [...users.slice(1, 2), third]) if (user) limiter.leave(user);
  expect([arrived.length, limiter.isEmpty]).toEqual([3, true]);
});

test("a connection comes from the address that it is given", async () => {
  const source = process.platform === "linux" ? "127.0.0.2" : "127.0.0.1"; // elsewhere there is no second one
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const ignored = { opened: () => {}, closed: () => {}, pinged: () => {}, message: () => {} };
  const upgrade = once(server, "upgrade");
  const transport = new Transport(`http://localhost:${port}`, ignored, { source });
  onTestFinished(() => transport.terminate());
  const [request] = await upgrade;
  expect(request.socket.remoteAddress).toBe(source);
});
