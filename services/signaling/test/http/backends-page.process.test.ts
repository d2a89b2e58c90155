import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { startCluster } from "@switchyard/testkit";
import { expect, test } from "vitest";
import { patient } from "../patient.ts";

const page = readFileSync(new URL("../../../../docs/backends.md", import.meta.url), "utf8");
const ADMIN_TOKEN = "for-operators";
const run = promisify(execFile);
/** The first example in a language. */
const example = (language: string) => new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "ms").exec(page)?.[1] ?? "";

test("the page's examples in TypeScript, Python and for curl reach a client, as they stand there", async () => {
  const cluster = await startCluster({ nodes: 1, matchmakers: 0, environment: { ...patient, ADMIN_TOKEN } });
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
    await anna.caughtUp();
    expect(anna.unread()).toEqual([]);
  } finally {
    await cluster.stop();
  }
});
