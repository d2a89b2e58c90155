import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  asUser,
  CleanUp,
  freePort,
  startRedisCluster,
  startRedisProcess,
  startSentinels,
  until,
} from "@switchyard/testkit";
import { type Cluster, Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { findRedis, type RedisConfig } from "../src/index.ts";

const cleanUp = new CleanUp();
afterEach(cleanUp.run);

async function open(config: RedisConfig, name = "test"): Promise<Redis> {
  const redis = await (await findRedis(config)).open(name);
  cleanUp.add(() => redis.disconnect());
  return redis;
}

describe("who connects", () => {
  const REDIS_URL = inject("redisUrl");
  const credentials = new URL(asUser(REDIS_URL, "operator"));
  const { username: REDIS_USERNAME, password: REDIS_PASSWORD } = credentials;

  test.each([
    ["the user that the settings name", { REDIS_URL, REDIS_USERNAME, REDIS_PASSWORD }],
    ["the user of the URL before that of the settings", { REDIS_URL: credentials.href, REDIS_USERNAME: "nobody" }],
    [
      "the user of the URL, with the settings' password",
      { REDIS_URL: `redis://operator@${credentials.host}`, REDIS_PASSWORD },
    ],
  ])("is %s", async (_, config) => {
    const name = randomUUID();
    await open(config, name);
    const admin = new Redis(REDIS_URL);
    cleanUp.add(() => admin.disconnect());
    const clients = String(await admin.client("LIST")).split("\n");
    expect(clients.find((client) => client.includes(`name=${name} `))).toContain("user=operator ");
  });
});

describe("TLS", () => {
  const canSign = hasOpenssl();
  let directory: string;
  const path = (name: string) => join(directory, name);
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "switchyard-tls-"));
    if (!canSign) return;
    const request = [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-days",
      "2",
    ];
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    execFileSync("openssl", [...request, ...subject, "-keyout", path("key.pem"), "-out", path("cert.pem")], {
      stdio: "ignore",
    });
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  test("with certificates that REDIS_CA vouches for, and with no others", async ({ skip }) => {
    skip(!canSign, "it needs openssl on the PATH, and there is none");
    const port = await freePort();
    const certificate = ["--tls-cert-file", path("cert.pem"), "--tls-key-file", path("key.pem")];
    await startRedisProcess(cleanUp, ["--tls-port", String(port), ...certificate, "--tls-auth-clients", "no"]);
    const REDIS_URL = `rediss://localhost:${port}`;
    const redis = await open({ REDIS_URL, REDIS_CA: readFileSync(path("cert.pem"), "utf8") });
    expect(await redis.ping()).toBe("PONG");
    await expect(findRedis({ REDIS_URL })).rejects.toThrow(
      /^Redis at localhost:\d+ can't be reached \(self-signed certificate/,
    );
  });
});

test("sentinels that know no users, of a master that does", async () => {
  const { url } = await startSentinels(cleanUp, 1);
  const servers = await findRedis({ REDIS_URL: asUser(url, "operator") });
  expect(servers.arrangement).toBe("sentinel");
  const redis = await servers.open("test");
  cleanUp.add(() => redis.disconnect());
  await expect(redis.config("GET", "*")).rejects.toThrow("NOPERM");
  await expect(findRedis({ REDIS_URL: url, REDIS_MASTER: "second" })).rejects.toThrow("these masters: first.");
});

test("the first of several sentinels that answers is taken, though one before it is silent", async () => {
  const { url } = await startSentinels(cleanUp, 1);
  const silent = await silentServer();
  const servers = await findRedis({ REDIS_URL: `redis://127.0.0.1:${silent.port},${url}` });
  expect(servers.arrangement).toBe("sentinel");
  const redis = await servers.open("test");
  cleanUp.add(() => redis.disconnect());
  expect(await redis.role()).toContain("master");
  await until("the silent one to be let go", () => silent.lost === 1);
});

test("on a cluster commands keep their order, and none is lost or doubled, while their slot goes to another master", async () => {
  const { url, masters } = await startRedisCluster(cleanUp);
  const redis = await open({ REDIS_URL: url });
  const key = `{${randomUUID()}}:list`;
  const slot = await redis.cluster("KEYSLOT", key);
  const owner = (redis as unknown as Cluster).slots[slot]?.[0];
  const [from] = masters.filter(({ port }) => `127.0.0.1:${port}` === owner);
  const [to, third] = masters.filter((one) => one !== from);
  if (!from || !to || !third) throw new Error("there are three masters");
  const sent: Promise<number>[] = [];
  const pump = setInterval(() => {
    for (let i = 0; i < 20; i += 1) sent.push(redis.rpush(key, sent.length));
  }, 1);
  cleanUp.add(() => clearInterval(pump));
  await redis.rpush("another-slot", 1);
  const [fromId, toId] = (await Promise.all([from, to].map(({ redis }) => redis.call("CLUSTER", "MYID")))) as [
    string,
    string,
  ];
  await to.redis.call("CLUSTER", "SETSLOT", slot, "IMPORTING", fromId);
  await from.redis.call("CLUSTER", "SETSLOT", slot, "MIGRATING", toId);
  await from.redis.call("MIGRATE", "127.0.0.1", to.port, key, 0, 60_000);
  for (const { redis } of [to, from, third]) await redis.call("CLUSTER", "SETSLOT", slot, "NODE", toId);
  const atLeast = sent.length + 200;
  while (sent.length < atLeast) await new Promise((resume) => setImmediate(resume));
  clearInterval(pump);
  await Promise.all(sent);
  expect((await to.redis.lrange(key, 0, -1)).map(Number)).toEqual(sent.map((_, i) => i));
});

function hasOpenssl(): boolean {
  try {
    execFileSync("openssl", ["version"]);
    return true;
  } catch {
    return false;
  }
}

/** Accepts connections and says nothing, as a machine that stands still. */
async function silentServer() {
  let lost = 0;
  const server = createServer((socket) => {
    cleanUp.add(() => void socket.destroy());
    socket.on("error", () => {}).on("close", () => (lost += 1));
    socket.resume();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanUp.add(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return {
    port,
    get lost() {
      return lost;
    },
  };
}
