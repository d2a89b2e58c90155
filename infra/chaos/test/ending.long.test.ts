import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { until } from "@switchyard/testkit";
import { expect, onTestFinished, test } from "vitest";

const program = fileURLToPath(new URL("../../sy/src/main.ts", import.meta.url));

/** Runs `sy chaos` until a node stands still. */
async function untilNodeStandsStill() {
  const call = ["chaos", "--kinds", "stop", "--every", "20s", "--lasts", "1h", "--users", "6", "--ramp", "500ms"];
  const args = ["--conditions=source", program, ...call, "--duration", "1h"];
  const child = spawn(process.execPath, args, { env: { PATH: process.env["PATH"] } });
  onTestFinished(() => void child.kill("SIGKILL"));
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      said[name] += text;
    });
  }
  await until("a fault", () => said.stderr.includes(", 1 faults"));
  const processes = processesBelow(child.pid ?? 0);
  const stopped = processes.filter(({ state }) => state.startsWith("T"));
  expect(stopped).toHaveLength(1);
  return { child, said, pids: processes.map(({ pid }) => pid) };
}

function processesBelow(parent: number): { pid: number; state: string }[] {
  const output = execFileSync("ps", ["-A", "-o", "pid=,ppid=,stat="], { encoding: "utf8" });
  return output.split("\n").flatMap((line) => {
    const [pid, ppid, state = ""] = line.trim().split(/\s+/);
    return Number(ppid) === parent ? [{ pid: Number(pid), state }] : [];
  });
}

function isLiving(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("Ctrl-C undoes the fault, ends the cluster, and reports what happened so far", async () => {
  const { child, said, pids } = await untilNodeStandsStill();
  const closed = once(child, "close");
  child.kill("SIGINT");
  expect(await closed, said.stderr).toEqual([0, null]);
  expect(said.stdout).toMatch(/ stands still\n[^\n]* goes on\n[\s\S]*verdict: ok\n$/);
  expect(pids.filter(isLiving)).toEqual([]);
});

test("where it is killed itself, nothing of its cluster is left, a node that stands still included", async () => {
  const { child, pids } = await untilNodeStandsStill();
  child.kill("SIGKILL");
  await until("all to have ended", () => !pids.some(isLiving));
});
