import { fork } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { machine, working } from "./machine.ts";

const program = fileURLToPath(new URL("../../local/src/provide.ts", import.meta.url));
const redis = "echo 'Redis server v=7.0.15 sha=0'";

/** The messages to its parent, its output and its end. */
async function provide(programs: Readonly<Record<string, string>>) {
  const { bin, environment } = await machine(programs);
  const child = fork(program, { execArgv: ["--conditions=source"], env: environment, silent: true });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => (output += chunk));
  let sent: unknown;
  child.once("message", (message) => {
    sent = message;
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { bin, sent, code, output };
}

test("tells where the browser is", async () => {
  const { bin, sent, code } = await provide({ "redis-server": redis, chromium: working });
  expect([sent, code]).toEqual([{ CHROMIUM: join(bin, "chromium") }, 0]);
});

test("tells why there is no browser", async () => {
  const failing = "echo 'no such package'; exit 1";
  const { sent, code } = await provide({ "redis-server": redis, "apt-get": failing, brew: failing });
  const reason = expect.stringMatching(/^there is no Chromium, and .*install.*: no such package$/);
  expect([sent, code]).toEqual([{ SWITCHYARD_NO_BROWSER: reason }, 0]);
});

test("without a Redis it says what to do, and fails", async () => {
  const { sent, code, output } = await provide({ chromium: working });
  expect([sent, code]).toEqual([undefined, 1]);
  expect(output).toMatch(
    /Switchyard needs Redis 7 or newer.*install redis-server, start Docker, or set REDIS_URL\.\n$/,
  );
});
