import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { freePort, freePorts, onFreePort, startLocalRedis, until } from "../src/index.ts";
import { holdPort } from "../src/ports.ts";

const PORTS = new URL("../src/ports.ts", import.meta.url);

test("a port is given once", async () => {
  const first = await freePorts(3);
  for (const port of [first, first + 1, first + 2, await freePort()]) expect(await holdPort(port)).toBe(false);
});

test("a port on which somebody listens is not free", async () => {
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  expect(await holdPort((server.address() as { port: number }).port)).toBe(false);
});

test("a port that another process was given is its own until that process has ended", async () => {
  const script = `import { freePort } from ${JSON.stringify(PORTS)}; console.log(await freePort()); process.stdin.resume();`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const port = Number(String(await once(child.stdout, "data")));
  expect(await holdPort(port)).toBe(false);
  child.kill("SIGKILL");
  await until("the port to be free again", () => holdPort(port));
});

test("a server whose port was taken is started on another one", async () => {
  const ports: number[] = [];
  const started = await onFreePort(async (port) => {
    ports.push(port);
    if (ports.length < 3) throw new Error(`bind 127.0.0.1:${port}: Address already in use`);
    return port;
  });
  expect(started).toBe(ports[2]);
  expect(new Set(ports).size).toBe(3);
});

test("a Redis that somebody else started is not taken for the one that could not be started", async () => {
  const redis = await startLocalRedis();
  onTestFinished(() => redis.stop());
  await expect(startLocalRedis({ port: redis.port })).rejects.toThrow(/ended by itself.*Address already in use/s);
});
