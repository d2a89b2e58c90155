import { type ChildProcess, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, skipCaller, startCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { patient } from "../patient.ts";

const TURN_SECRET = "shared with coturn, and with nobody else";
/** As `infra/coturn/turnserver.conf` has it, but smaller: coturn's client makes two allocations. */
const USER_QUOTA = 2;
/** Long enough to be there while another one asks; it is ended before. */
const MANY_MESSAGES = 100_000;

interface Program {
  readonly output: string;
  readonly process: ChildProcess;
}

function run(name: string, args: readonly string[]): Program {
  const child = spawn(name, args, { stdio: ["ignore", "pipe", "pipe"] });
  const program = { output: "", process: child };
  const note = (text: Buffer) => {
    program.output += text.toString();
  };
  child.stdout.on("data", note);
  child.stderr.on("data", note);
  child.on("error", () => {});
  onTestFinished(() => void child.kill("SIGKILL"));
  return program;
}

beforeAll(async () => {
  for (const name of ["turnserver", "turnutils_uclient"]) {
    const child = spawn(name, ["-h"], { stdio: "ignore" });
    const isThere = await Promise.race([once(child, "error").then(() => false), once(child, "exit").then(() => true)]);
    if (!isThere) await skipCaller("coturn is not installed");
  }
});

/** coturn on TCP, with the settings that matter here of the deployment's. */
async function startCoturn(): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-coturn-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const port = await freePort();
  const only = ["-n", "--no-udp", "--no-dtls", "--no-tls", "--no-cli", "--allow-loopback-peers", "--log-file=stdout"];
  const at = [
    "-L",
    "127.0.0.1",
    "-E",
    "127.0.0.1",
    "-p",
    `${port}`,
    `--pidfile=${directory}/pid`,
    `--db=${directory}/db`,
  ];
  const users = ["--use-auth-secret", `--static-auth-secret=${TURN_SECRET}`, "--realm=r", `--user-quota=${USER_QUOTA}`];
  const server = run("turnserver", [...only, ...at, ...users]);
  await until("coturn", () => /TCP.*listener opened on/i.test(server.output) || server.output.includes("auth thread"));
  return port;
}

/** A client that relays to a peer who is not there. */
function relay(port: number, username: string, credential: string): Program {
  const user = ["-u", username, "-w", credential];
  const peer = ["-e", "127.0.0.1", "-r", "9", "-n", String(MANY_MESSAGES), "-m", "1", "-c"];
  return run("turnutils_uclient", ["-t", ...user, ...peer, "-p", String(port), "127.0.0.1"]);
}

const RELAYS = "tot_send_msgs";
const QUOTA_REACHED = "486";

test("coturn's quota binds whoever asks again and again, by the part behind the time", async () => {
  const port = await startCoturn();
  const cluster = await startCluster({
    nodes: 1,
    matchmakers: 0,
    environment: {
      ...patient,
      TURN_SECRET,
      TURN_URLS: `turn:127.0.0.1:${port}?transport=tcp`,
      TRUST_PROXY: "loopback",
    },
  });
  onTestFinished(cluster.stop);
  const userAt = async (address: string) => {
    const headers = { "x-forwarded-for": address };
    const response = await fetch(`${cluster.node(0).url}/api/ice-servers`, { headers });
    const { iceServers } = (await response.json()) as { iceServers: { username: string; credential: string }[] };
    return iceServers.at(-1) ?? { username: "", credential: "" };
  };
  const { username, credential } = await userAt("203.0.113.7");
  const first = relay(port, username, credential);
  await until("the first to relay", () => first.output.includes(RELAYS));
  const again = await userAt("203.0.113.7");
  const second = relay(port, again.username, again.credential);
  await until("the second to be refused", () => second.output.includes(QUOTA_REACHED));
  // as in the next half of TURN_TTL
  const later = username.replace(/^\d+/, (expiry) => String(Number(expiry) + 1800));
  const third = relay(port, later, createHmac("sha1", TURN_SECRET).update(later).digest("base64"));
  await until("the third to be refused", () => third.output.includes(QUOTA_REACHED));
  const other = await userAt("203.0.113.8");
  const fourth = relay(port, other.username, other.credential);
  await until("somebody else to relay", () => fourth.output.includes(RELAYS));
  expect(first.process.exitCode).toBe(null);
});
