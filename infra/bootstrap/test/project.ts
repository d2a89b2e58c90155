import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { onTestFinished } from "vitest";

const module = (name: string) => JSON.stringify(new URL(`../${name}.mjs`, import.meta.url));
const bin = (name: string) => new URL(`../../../node_modules/.bin/${name}`, import.meta.url).pathname;

/** The steps of `npm test` once everything is installed, in a project of its own, in a process that ends with its code. */
const program = `
  import { runEverything } from ${module("everything")};
  import { vitest } from ${module("test")};
  const { checks, args, noBrowser } = JSON.parse(process.argv[1]);
  const work = { cwd: process.cwd(), environment: process.env, noBrowser };
  process.exitCode = await runEverything({ ...work, checks, suites: [vitest([], args)] });
`;

/** Files, and what there is to be run over them. */
interface Project {
  readonly files: Readonly<Record<string, string>>;
  /** The checks before the tests, as command lines. */
  readonly checks?: readonly (readonly [program: string, ...args: string[]])[];
  readonly environment?: NodeJS.ProcessEnv;
  readonly noBrowser?: string;
}

/** Runs everything there is in a project, to its end. */
export async function everything({ files, checks = [], environment, noBrowser }: Project) {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-everything-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), text);
  }
  const work = {
    checks: checks.map(([program, ...args]) => ({ name: program, command: [bin(program), ...args] })),
    args: ["--root", directory, "--globals"],
    noBrowser,
  };
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program, JSON.stringify(work)], {
    cwd: directory,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  const plain = stripVTControlCharacters(output);
  return { code, output: plain, lastLine: plain.trimEnd().split("\n").at(-1) };
}
