import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const bootstrap = fileURLToPath(new URL("..", import.meta.url));

/** The shell commands that stand for an installation by pnpm; a log holds how it was called. */
const install = `
  mkdir -p node_modules/node/bin node_modules/.bin
  ln -sf '${process.execPath}' node_modules/node/bin/node
  cp tools/* node_modules/.bin/`;
const build = "mkdir -p services/web/dist; : > services/web/dist/index.html";

/** A pnpm of that version; what it is asked for fails if there is a file of that name in the clone's root. */
export const pnpm = (version: string) => `
  [ "$1" = --version ] && { echo ${version}; exit 0; }
  echo "pnpm $* as $NODE_ENV" >> log
  case "$*" in
    install*) [ -e broken-install ] && { echo ERR_PNPM_NO_NETWORK; exit 1; }; ${install};;
    *build) [ -e broken-build ] && { echo "a type is wrong"; exit 1; }; ${build};;
  esac`;

/** Finds a Redis and a browser, and reports that it did. */
const provide = `process.send({ CHROMIUM: "/opt/chromium" }); process.disconnect();`;

/** The list of binaries for a clone whose Node is this one. */
async function ownBinary(): Promise<string> {
  listed ??= readFile(process.execPath).then((bytes) => createHash("sha256").update(bytes).digest("hex"));
  return JSON.stringify({ version: "24.0.0", sha256: { [`${process.platform}-${process.arch}`]: await listed } });
}
let listed: Promise<string> | undefined;

/** A clone in which every tool is a shell script, and so is whatever is on the PATH. */
export interface Clone {
  /** Writes a file; as a program, if it is below `bin` or `tools`. */
  write(path: string, text: string): Promise<void>;
  read(path: string): Promise<string>;
  remove(path: string): Promise<void>;
  /** The calls of its tools since this was last read. */
  log(): Promise<string[]>;
  /** Runs `node infra/bootstrap/main.mjs` to its end. */
  run(args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<{ code: number | null; output: string }>;
}

/** A fresh clone on a machine with these programs beside what every system has; it goes with the test. */
export async function freshClone(programs: Readonly<Record<string, string>>): Promise<Clone> {
  const root = await mkdtemp(join(tmpdir(), "switchyard-clone-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const write = async (path: string, text: string) => {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    const isProgram = /^(bin|tools)\//.test(path);
    await writeFile(file, isProgram ? `#!/bin/sh\n${text}\n` : text);
    if (isProgram) await chmod(file, 0o755);
  };
  await cp(bootstrap, join(root, "infra/bootstrap"), { recursive: true });
  await write("infra/bootstrap/node-binary.json", await ownBinary());
  await write("package.json", '{ "packageManager": "pnpm@12.21.0", "type": "module" }');
  await write("services/web/package.json", "{}");
  await write("pnpm-lock.yaml", "1");
  await write("infra/local/src/provide.ts", provide);
  for (const tool of ["biome", "tsc", "knip", "node", "depcruise"])
    await write(`tools/${tool}`, `echo "${tool} $*" >> log`);
  const counts = '{ "passed": 3, "failed": 0, "skipped": [{ "name": "a call", "reason": "no camera" }] }';
  await write(
    "tools/vitest",
    `echo "vitest as $NODE_ENV, $CHROMIUM" >> log; echo '${counts}' > $SWITCHYARD_TEST_COUNTS`,
  );
  for (const [name, script] of Object.entries(programs)) await write(`bin/${name}`, script);
  await mkdir(join(root, "bin"), { recursive: true });
  for (const name of ["mkdir", "ln", "cp"]) await symlink(`/bin/${name}`, join(root, "bin", name));
  return {
    write,
    read: (path) => readFile(join(root, path), "utf8"),
    remove: (path) => rm(join(root, path)),
    log: async () => {
      const text = await readFile(join(root, "log"), "utf8").catch(() => "");
      await writeFile(join(root, "log"), "");
      return text.split("\n").filter(Boolean);
    },
    run: (args, environment) => run(root, args, environment),
  };
}

async function run(root: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, ["infra/bootstrap/main.mjs", ...args], {
    cwd: root,
    env: { PATH: join(root, "bin"), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, output };
}
