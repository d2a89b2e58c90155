import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, openSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { succeeds } from "@switchyard/hosts-test/command";
import { signal } from "@switchyard/hosts-test/namespaces";
import { until } from "@switchyard/testkit";
import { type MountPlan, mountScript, rootOf } from "./mounts.ts";

export interface ContainerOptions extends Omit<MountPlan, "files"> {
  readonly namespace: string;
  /** The host's name in it, which is the pod's. */
  readonly name: string;
  readonly user: number;
  readonly files: Readonly<Record<string, string>>;
  readonly log: string;
}

/** A process that believes itself alone: with a root, volumes, process ids, a network and a user of its own. */
export class RunningContainer {
  /** How it ended: an exit code, or a signal's name. */
  readonly ended: Promise<number | string>;
  readonly #options: ContainerOptions;
  readonly #process: ChildProcess;
  #pid = 0;

  private constructor(options: ContainerOptions, process: ChildProcess) {
    this.#options = options;
    this.#process = process;
    this.ended = once(process, "exit").then(([code, name]) => code ?? name);
  }

  static async start(options: ContainerOptions): Promise<RunningContainer> {
    const { directory, namespace, log } = options;
    await mkdir(directory, { recursive: true });
    const script = join(directory, "start.sh");
    await writeFile(script, `${mountScript(options)}\nhostname ${options.name}\nexec ${commandOf(options)}\n`);
    const output = openSync(log, "a");
    chmodSync(log, 0o666); // a program may open its own output again, as another user
    const isolated = ["unshare", "--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child", "sh", script];
    const child = spawn("nsenter", [`--net=/run/netns/${namespace}`, ...isolated], {
      stdio: ["ignore", output, output],
    });
    const container = new RunningContainer(options, child);
    await until("a container's first process", () => container.#find());
    return container;
  }

  /** Sends it to its first process, as a runtime does. */
  signal(name: NodeJS.Signals): void {
    if (this.#process.exitCode === null && this.#process.signalCode === null) signal(this.#pid, name);
  }

  /** Whether a command in it succeeds in time. */
  exec(command: readonly string[], timeoutMs: number): Promise<boolean> {
    const { directory, user } = this.#options;
    const inside = ["nsenter", "--target", String(this.#pid), "--mount", "--net", "--pid", "--uts", "--ipc"];
    const asUser = [
      "chroot",
      `--userspec=${user}:${user}`,
      rootOf(directory),
      "env",
      "-i",
      ...assignments(this.#options),
    ];
    return succeeds("timeout", [String(timeoutMs / 1000), ...inside, ...asUser, ...command]);
  }

  /** The shell becomes the program, so the id stays. */
  #find(): boolean {
    const { pid } = this.#process;
    if (this.#process.exitCode !== null) throw new Error(`${this.#options.name} ended before it began`);
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    this.#pid = Number(children.split(" ")[0]);
    return this.#pid > 0;
  }
}

function assignments({ environment }: ContainerOptions): string[] {
  return Object.entries(environment).map(([name, value]) => `${name}=${value}`);
}

function commandOf(options: ContainerOptions): string {
  const { directory, image, container, user } = options;
  const [program = "", ...rest] = container.command ?? image.entrypoint;
  const words = [program, ...rest, ...(container.args ?? [])].filter((word) => word !== "");
  const bare = ["setpriv", "--no-new-privs", "--bounding-set=-all,+sys_chroot,+setuid,+setgid"];
  const inRoot = ["chroot", `--userspec=${user}:${user}`, rootOf(directory)];
  const go = image.directory === "/" ? [] : ["env", `--chdir=${image.directory}`];
  return ["env", "-i", ...assignments(options), ...bare, ...inRoot, ...go, ...words].map(quoted).join(" ");
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
