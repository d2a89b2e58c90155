import { createHmac } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Environment, startCluster, type TestCluster } from "@switchyard/testkit";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { readSignalingConfig } from "../../src/config.ts";
import { IceServer } from "../../src/http/schemas.ts";

const google = [{ urls: "stun:stun.l.google.com:19302" }, { urls: "stun:stun1.l.google.com:19302" }];

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 0, matchmakers: 0 });
  return cluster.stop;
});

async function iceServers(environment: Environment): Promise<Record<string, unknown>[]> {
  const { url } = await cluster.start("signaling", environment);
  const response = await fetch(`${url}/api/ice-servers`);
  expect(response.status).toBe(200);
  expect(response.headers.get("cache-control")).toBe("no-store");
  const body = (await response.json()) as { iceServers: Record<string, unknown>[] };
  expect(Object.keys(body)).toEqual(["iceServers"]);
  for (const server of body.iceServers) IceServer.parse(server);
  return body.iceServers;
}

describe("STUN", () => {
  test("without settings: public ones, and no TURN", async () => {
    expect(await iceServers({})).toEqual(google);
  });

  test("STUN_SERVERS, before the numbered ones", async () => {
    const servers = { STUN_SERVERS: "stun:a.example:3478, b.example:3479,", STUN_SERVER_1: "stun:c.example" };
    expect(await iceServers(servers)).toEqual([{ urls: "stun:a.example:3478" }, { urls: "stun:b.example:3479" }]);
  });

  test("numbered ones, in the order of their numbers", async () => {
    const servers = {
      STUN_SERVER_2: "stuns:b.example:5349",
      STUN_SERVER_1: "stun:a.example",
      STUN_SERVER_9: "stun:z.example",
    };
    const urls = ["stun:a.example", "stuns:b.example:5349", "stun:z.example"];
    expect(await iceServers(servers)).toEqual(urls.map((one) => ({ urls: one })));
  });
});

const fixed = { TURN_SERVER: "turn:old.example:3478", TURN_USERNAME: "user", TURN_CREDENTIAL: "pass" };
const metered = { METERED_USERNAME: "mu", METERED_CREDENTIAL: "mc" };

describe("TURN, the first that is set", () => {
  test("a secret shared with coturn: credentials for a time", async () => {
    const directory = await mkdtemp(join(tmpdir(), "switchyard-turn-"));
    onTestFinished(() => rm(directory, { recursive: true }));
    await writeFile(join(directory, "secret"), "shared with coturn\n");
    const environment = {
      TURN_SECRET_FILE: join(directory, "secret"),
      TURN_URLS: "turn:t.example:3478,turns:t.example:443?transport=tcp",
    };
    const from = Math.floor(Date.now() / 1000);
    const [, , turn] = await iceServers({ ...environment, ...metered, ...fixed, TURN_TTL: 600 });
    expect(turn?.["urls"]).toEqual(["turn:t.example:3478", "turns:t.example:443?transport=tcp"]);
    const username = String(turn?.["username"]);
    const [, expiry] = /^(\d+):[0-9a-f]{16}$/.exec(username) ?? [];
    expect(Number(expiry)).toBeGreaterThanOrEqual(from + 300);
    expect(Number(expiry)).toBeLessThanOrEqual(Date.now() / 1000 + 600);
    expect(turn?.["credential"]).toBe(createHmac("sha1", "shared with coturn").update(username).digest("base64"));
  });

  test("an account at metered.ca", async () => {
    expect(await iceServers({ ...metered, ...fixed })).toEqual([
      ...google,
      {
        urls: [
          "turn:a.relay.metered.ca:80",
          "turn:a.relay.metered.ca:80?transport=tcp",
          "turn:a.relay.metered.ca:443",
          "turn:a.relay.metered.ca:443?transport=tcp",
        ],
        username: "mu",
        credential: "mc",
      },
    ]);
  });

  test("a server with a fixed user, by either name", async () => {
    const user = { username: "user", credential: "pass" };
    expect(await iceServers(fixed)).toEqual([...google, { urls: ["turn:old.example:3478"], ...user }]);
    const both = { ...fixed, TURN_SERVER_URL: "turn:new.example" };
    expect(await iceServers(both)).toEqual([...google, { urls: ["turn:new.example"], ...user }]);
  });
});

test.each<[Record<string, string>, RegExp]>([
  [
    { STUN_SERVERS: "http://a.example" },
    /^STUN_SERVERS is not usable \(it is "http:\/\/a.example"\): must look like stun:host:port/,
  ],
  [{ TURN_SERVER: "stun:a.example" }, /^TURN_SERVER is not usable/],
  [{ TURN_SECRET: "s" }, /^TURN_SECRET and TURN_URLS need each other\.$/],
  [{ TURN_URLS: "turn:a.example" }, /^TURN_SECRET and TURN_URLS need each other\.$/],
  [{ METERED_USERNAME: "mu" }, /^METERED_USERNAME and METERED_CREDENTIAL need each other\.$/],
  [
    { TURN_SERVER: "turn:a.example", TURN_USERNAME: "user" },
    /^TURN_SERVER_URL \(or TURN_SERVER\) needs TURN_USERNAME and TURN_CREDENTIAL\.$/,
  ],
])("%j stops the start with a sentence", (environment, sentence) => {
  expect(() => readSignalingConfig(environment)).toThrow(sentence);
});
