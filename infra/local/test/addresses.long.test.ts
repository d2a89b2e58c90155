import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePorts, until } from "@switchyard/testkit";
import { describe, expect, test } from "vitest";
import { emptyRoot, startLauncher } from "./launcher/launcher-process.ts";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const health = async (url: string) => (await (await fetch(`${url}/health`)).json()) as { node: string };

describe("where the front door is", () => {
  test("a host that is not this machine's usual one is said", async ({ skip }) => {
    if (process.platform !== "linux") skip("only Linux has more than one loopback address");
    const [root, port] = [await emptyRoot(), await freePorts(8)];
    const url = `http://127.0.0.2:${port}`;
    const options = { root, port, environment: { HOST: "127.0.0.2" } };
    const launcher = await startLauncher(options);
    await until("it to be ready", () => launcher.output().split("\n").includes(`ready ${url}`));
    expect(launcher.state().front).toEqual({ url });
    expect(launcher.state().nodes.map(({ id }) => id)).toContain((await health(url)).node);
    const second = await startLauncher(options);
    expect(await second.ended()).toBe(1);
    expect(second.output()).toContain(`A Switchyard cluster already runs on ${url}`);
  });
});

test("a cluster takes the ports from PORT to PORT + NODES, and no other that it was not given", async () => {
  const port = await freePorts(8);
  const starting = [port, port + 3].map(async (front) => startLauncher({ root: await emptyRoot(), port: front }));
  const clusters = await Promise.all(starting);
  await Promise.all(clusters.map((cluster) => cluster.ready()));
  for (const cluster of clusters) {
    const [matchmaker] = cluster.state().matchmakers;
    expect(Number(new URL(matchmaker?.url ?? "").port)).not.toSatisfy(
      (used: number) => used >= port && used < port + 6,
    );
    expect(await health(matchmaker?.url ?? "")).toMatchObject({ node: matchmaker?.id });
  }
});

test("a matchmaker that is killed comes back, and state.json says where", async () => {
  const launcher = await startLauncher({ root: await emptyRoot(), environment: { MATCHMAKERS: "2" } });
  await launcher.ready();
  const [killed, other] = launcher.state().matchmakers;
  process.kill(killed?.pid ?? 0, "SIGKILL");
  const again = await until("it to be back", () => {
    const { matchmakers } = launcher.state();
    return matchmakers.length === 2 && matchmakers[0]?.pid !== killed?.pid && matchmakers[0];
  });
  expect(launcher.state().matchmakers[1]).toEqual(other);
  expect(await health(again.url)).toMatchObject({ node: again.id });
});

test("LOG_LEVEL is the services', too", async () => {
  const command = [process.execPath, "--conditions=source", MAIN] as const;
  const launcher = await startLauncher({ root: await emptyRoot(), command, environment: { LOG_LEVEL: "warn" } });
  await launcher.ready();
  expect(launcher.output()).toMatch(/^node-1 +[\d:]+ warn /m);
  expect(launcher.output()).not.toMatch(/ info /);
});

test("a run directory that can't be held is refused with what to do", async () => {
  const root = await emptyRoot();
  const RUN_DIR = join(root, "x".repeat(120));
  const launcher = await startLauncher({ root, environment: { RUN_DIR } });
  expect(await launcher.ended()).toBe(1);
  expect(launcher.output().trim()).toMatch(
    /^No socket can be opened in \S+ \(\w+\): set RUN_DIR to a directory whose path is shorter, on a disk .*\.$/,
  );
});
