import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CheckReport } from "@switchyard/testkit";
import type { Options } from "./arguments.ts";
import { nginxLog, startNginx } from "./front/nginx.ts";
import { type FrontKind, frontNames, nodeAddresses } from "./lab.ts";
import { createNamespaces, type Prepared } from "./network/namespaces.ts";
import type { Progress } from "./progress.ts";
import { removeRun } from "./removal.ts";
import { directoryOf, nameOf, type Run } from "./run.ts";
import type { Message, Order } from "./scenario/main.ts";
import type { Scenario } from "./scenario/scenarios.ts";

/** Besides the fault itself; a scenario that takes longer hangs. */
const LIMIT_MS = 420_000;
const PROXIES = ["proxy1", "proxy2"];
const program = fileURLToPath(new URL("scenario/main.ts", import.meta.url));

export interface StageSetting {
  readonly run: Run;
  readonly scenario: Scenario;
  readonly options: Options;
  readonly front: FrontKind;
}

/** The hosts of one scenario, which is run on one of them, and what is taken away afterwards. */
export class Stage {
  readonly #setting: StageSetting;
  readonly #report: CheckReport;
  readonly #progress: Progress;

  constructor(setting: StageSetting, report: CheckReport, progress: Progress) {
    this.#setting = setting;
    this.#report = report;
    this.#progress = progress;
  }

  async play(): Promise<void> {
    const { run, options } = this.#setting;
    try {
      this.#progress.step("making hosts");
      await mkdir(directoryOf(run), { recursive: true });
      await createNamespaces(run, await this.#prepareProxies(), frontNames());
      await this.#runOnHost();
    } finally {
      if (options.logs !== undefined) await this.#keepLogs(options.logs);
      this.#progress.step("removing hosts");
      await removeRun(run);
    }
  }

  async #prepareProxies(): Promise<Prepared> {
    const { run, front } = this.#setting;
    const pids =
      front === "local" ? [] : await Promise.all(PROXIES.map((host) => startNginx(run, host, nodeAddresses())));
    return new Map(pids.map((pid, index) => [PROXIES[index] ?? "", { pid }]));
  }

  async #runOnHost(): Promise<void> {
    const { run, scenario, options, front } = this.#setting;
    const { clients, faultMs } = options;
    const order: Order = { run, name: scenario.name, clients, faultMs, front };
    const command = [process.execPath, "--conditions=source", program, JSON.stringify(order)];
    const child = spawn("ip", ["netns", "exec", nameOf(run, "clients1"), ...command], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    child.on("message", (message: Message) => this.#receive(message));
    const limit = setTimeout(() => this.#end(child), LIMIT_MS + faultMs);
    const [code] = await once(child, "exit");
    clearTimeout(limit);
    if (code !== 0) throw new Error(`the scenario ended by itself (${code ?? "killed"})`);
  }

  #end(child: ChildProcess): void {
    this.#report.fail(`${this.#setting.scenario.name}: it took too long`);
    child.kill("SIGKILL");
  }

  #receive(message: Message): void {
    this.#progress.clear();
    if ("step" in message) this.#progress.step(message.step);
    else if ("line" in message) this.#report.print(message.line);
    else this.#report.checkAll([message.verdict]);
  }

  async #keepLogs(directory: string): Promise<void> {
    const { run, scenario, front } = this.#setting;
    if (front === "nginx") {
      for (const host of PROXIES) {
        await writeFile(join(directoryOf(run), `${host}-nginx.log`), await nginxLog(run, host).catch(String));
      }
    }
    await cp(directoryOf(run), join(directory, scenario.name), { recursive: true });
  }
}
