import { spawn } from "node:child_process";
import { once } from "node:events";
import { startCluster, until } from "@switchyard/testkit";
import { expect, onTestFinished, test } from "vitest";
import { call, within } from "./sy-process.ts";

test("load: Ctrl-C ends it, with the report so far and its code", async () => {
  const cluster = await startCluster({ nodes: 1, matchmakers: 0 });
  onTestFinished(cluster.stop);
  const length = ["--users", "3", "--ramp", "100ms", "--duration", "1h"];
  const args = call("load", "--scenario", "idle", "--target", cluster.node(0).url, ...length);
  const child = spawn(process.execPath, args, { env: within({}) });
  onTestFinished(() => void child.kill("SIGKILL"));
  const closed = once(child, "close");
  const heard = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      heard[name] += text;
    });
  }
  await until("all to be connected", () => heard.stderr.includes(" 3 connected"));
  child.kill("SIGINT");
  expect(await closed).toEqual([0, null]);
  expect(heard.stdout).toMatch(/^idle: [\s\S]*users +3\n[\s\S]*verdict: ok\n$/);
});
