import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { LabMessage } from "@switchyard/chaos";
import { frontNames } from "../lab.ts";
import { createNamespaces } from "../network/namespaces.ts";
import { reasonAgainstHosts } from "../reasons.ts";
import { removeDeadRuns, removeRun, removeWhenGone } from "../removal.ts";
import { directoryOf, nameOf, thisRun } from "../run.ts";

/** Makes hosts, injects faults there as `sy chaos --against lab` says, and takes all of it away. Its argument: the order, as JSON. */
const [order = ""] = process.argv.slice(2);
const program = fileURLToPath(new URL("inside/main.ts", import.meta.url));
const send = (message: LabMessage) => process.send?.(message);
const run = thisRun();

let child: ChildProcess | undefined;
let isEnding = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    isEnding = true;
    child?.kill("SIGTERM");
  });
}
process.on("disconnect", () => child?.kill("SIGTERM")); // nobody is left to report to

const reason = await reasonAgainstHosts(run);
if (reason === undefined) await runOnHosts();
else send({ failure: `the lab can't be made here: ${reason}` });
if (process.connected) process.disconnect();

async function runOnHosts(): Promise<void> {
  const disarm = removeWhenGone();
  try {
    await removeDeadRuns();
    await mkdir(directoryOf(run), { recursive: true });
    await createNamespaces(run, new Map(), frontNames());
    if (isEnding) return void send({ failure: "it was ended by a signal" });
    const inside = [process.execPath, "--conditions=source", program, JSON.stringify(run), order];
    child = spawn("ip", ["netns", "exec", nameOf(run, "clients1"), ...inside], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      detached: true, // a terminal's Ctrl-C comes once, from here
    });
    child.on("message", (message: LabMessage) => void send(message));
    const [code] = await once(child, "close");
    if (code !== 0) send({ failure: `the run in the lab ended by itself (${code ?? "killed"})` });
  } finally {
    await removeRun(run);
    disarm();
  }
}
