import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createEmitter } from "@switchyard/store/access";
import { startCluster } from "@switchyard/testkit";
import { expect, test } from "vitest";
import { patient } from "../patient.ts";

const page = readFileSync(new URL("../../../../docs/backends.md", import.meta.url), "utf8");
const ADMIN_TOKEN = "for-operators";
const run = promisify(execFile);
/** The examples in a language, in the page's order. */
const examples = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))].map(([, text = ""]) => text);
const example = (language: string, index = 0) => examples(language)[index] ?? "";

test("the page's examples in TypeScript, Python and for curl reach a client, as they stand there, and so does the emitter's", async () => {
  const environment = { ...patient, ADMIN_TOKEN, SOCKET_IO_EMITS: "on" };
  const cluster = await startCluster({ nodes: 1, matchmakers: 0, environment });
  try {
    const anna = await cluster.connect(0, { namespace: "/match" });
    expect((await anna.request("register", { userId: "anna", matchId: "m1" })).ok).toBe(true);
    await anna.receive("joined");
    const env = { ...process.env, SWITCHYARD_URL: cluster.node(0).url, ADMIN_TOKEN };
    const typed = ["--input-type=module-typescript", "--eval", example("ts")];
    for (const [program, args] of [
      [process.execPath, typed],
      [process.execPath, typed],
      ["python3", ["-c", example("python")]],
    ] as const) {
      const { stdout } = await run(program, args, { env });
      expect(stdout).toContain("reached 1");
    }
    const { stdout } = await run("sh", ["-c", example("sh")], { env });
    expect(JSON.parse(stdout)).toMatchObject({ kept: true, connected: 1, done: true });
    expect(await anna.receive("app:order-paid")).toEqual({ order: 4711, cents: 1999 });
    expect(await anna.receive("app:order-paid")).toEqual({ order: 4711, cents: 1999 });
    expect(await anna.receive("app:order-paid")).toEqual({ order: 4711 }); // not three: the second request was the first again
    const command = /^ACL SETUSER .*$/m.exec(page)?.[0] ?? "";
    expect(command).toBe(createEmitter);
    await cluster.redis.call("ACL", ...command.replace(/'.*'/, ">secret").split(" ").slice(1));
    const REDIS_URL = cluster.redisServer.url.replace("://", "://emitter:secret@");
    const cwd = fileURLToPath(new URL("../../", import.meta.url)); // where the emitter is
    const emitting = ["--input-type=module-typescript", "--eval", example("ts", 1)];
    await run(process.execPath, emitting, { cwd, env: { ...env, REDIS_URL } });
    expect(await anna.receive("app:typing")).toEqual({ shop: true });
    expect(await anna.receive("app:visitors")).toBe(1200);
    await anna.caughtUp();
    expect(anna.unread()).toEqual([]);
  } finally {
    await cluster.stop();
  }
});
