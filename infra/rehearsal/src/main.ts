import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { helmBinary } from "@switchyard/helm/helm";
import { succeeds } from "@switchyard/hosts-test/command";
import { removeDeadRuns, removeRun, removeWhenGone } from "@switchyard/hosts-test/removal";
import { directoryOf, type Run, thisRun } from "@switchyard/hosts-test/run";
import { CheckReport } from "@switchyard/testkit";
import type { Message, Order } from "./inside/main.ts";
import { createRouter, routerOf } from "./network/pod-network.ts";
import { reasonAgainstNginx } from "./pods/nginx-root.ts";
import { rehearsalNames } from "./rehearsals/rehearsals.ts";

const inside = fileURLToPath(new URL("inside/main.ts", import.meta.url));
const CLIENTS = 60;
const usage = `test:helm [--clients N] [--logs DIRECTORY] [${rehearsalNames.join(" | ")}]…`;

interface Options {
  readonly names: readonly string[];
  readonly clients: number;
  readonly logs: string | undefined;
}

/** @throws for what can't be understood */
function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { clients: { type: "string", default: String(CLIENTS) }, logs: { type: "string" } },
    allowPositionals: true,
  });
  const unknown = positionals.find((name) => !rehearsalNames.includes(name));
  if (unknown !== undefined) throw new Error(`There is no rehearsal ${unknown}.`);
  const clients = Number(values.clients);
  if (!Number.isInteger(clients) || clients < 2) throw new Error("--clients must be a whole number above one.");
  return { names: positionals.length > 0 ? positionals : rehearsalNames, clients, logs: values.logs };
}

/** Why nothing can be rehearsed here, as one sentence. */
async function reasonAgainstPods(): Promise<string | undefined> {
  if (process.platform !== "linux") return "Namespaces are Linux's.";
  if (userInfo().uid !== 0) return "Only root may make namespaces.";
  if (helmBinary.missing !== undefined) return `There is no helm: ${helmBinary.missing}.`;
  for (const program of ["ip -V", "nsenter -V", "unshare -V", "setpriv -V", "redis-server -v", "sysctl -V"]) {
    const [name = "", option = ""] = program.split(" ");
    if (!(await succeeds(name, [option]))) return `There is no \`${name}\` on the PATH.`;
  }
  const layers = "mount -t tmpfs one /mnt && mkdir /mnt/u /mnt/w /mnt/r && mount -t overlay -o $0 two /mnt/r";
  const overlay = "lowerdir=/,upperdir=/mnt/u,workdir=/mnt/w";
  if (!(await succeeds("unshare", ["--mount", "--net", "--pid", "--fork", "sh", "-c", layers, overlay])))
    return "This system has no namespaces, or no layered file systems.";
  return reasonAgainstNginx();
}

async function rehearse(options: Options, run: Run, report: CheckReport): Promise<void> {
  const disarm = removeWhenGone();
  const ending = new AbortController();
  await removeDeadRuns();
  let child: ChildProcess | undefined;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (ending.signal.aborted) process.exit(1); // the guard does the rest
      ending.abort();
      child?.kill("SIGKILL");
    });
  }
  try {
    for (const name of options.names) {
      if (ending.signal.aborted) break;
      report.begin(name);
      await mkdir(directoryOf(run), { recursive: true });
      await createRouter(run);
      const order: Order = { run, name, clients: options.clients };
      const command = [process.execPath, "--conditions=source", inside, JSON.stringify(order)];
      child = spawn("nsenter", [`--net=/run/netns/${routerOf(run)}`, ...command], {
        stdio: ["ignore", "inherit", "inherit", "ipc"],
      });
      child.on("message", (message: Message) => receive(message, report));
      const [code] = await once(child, "exit");
      if (code !== 0) report.fail(`${name} ended by itself (${code ?? "killed"})`);
      if (options.logs !== undefined) await cp(directoryOf(run), join(options.logs, name), { recursive: true });
      await removeRun(run);
    }
  } finally {
    await removeRun(run);
    disarm();
    if (ending.signal.aborted) report.fail("it was ended by a signal");
  }
}

function receive(message: Message, report: CheckReport): void {
  if ("line" in message) report.print(message.line);
  else if ("skip" in message) report.skip(message.skip, message.reason);
  else report.checkAll([message.verdict]);
}

async function main(args: readonly string[]): Promise<boolean> {
  const options = readOptions(args);
  const report = new CheckReport();
  const reason = await reasonAgainstPods();
  if (reason === undefined) await rehearse(options, thisRun(), report);
  else report.skip("the rehearsal of the chart", reason);
  report.finish();
  return report.hasPassed;
}

try {
  process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n${usage}\n`);
  process.exitCode = 2;
}
