import { stat } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { findRedisProgram } from "../../local/src/redis/program.ts";
import { findChromium } from "../../local/src/system/chromium.ts";
import { installing, type Machine, machine } from "./machine.ts";

beforeEach(({ skip }) => skip(process.platform === "darwin", "there it is Homebrew that installs"));

const server = 'echo "Redis server v=7.2.4 sha=0"';

/** A package manager that installs what its lists have; it notes what it was asked for in a file. */
interface Manager {
  readonly program: string;
  readonly redis: string;
  /** What comes before a package's name when it is to be installed, as the shell matches it. */
  readonly install: string;
  readonly refresh?: string;
  /** The program that is asked which version there is, by which words, and its answer. */
  readonly asked: string;
  readonly policy: string;
  readonly answer: (version: string) => string;
}

const managers: readonly Manager[] = [
  {
    ...{ program: "apt-get", redis: "redis-server", install: '"install -y "*', refresh: "update" },
    ...{ asked: "apt-cache", policy: '"policy "*' },
    answer: (version) =>
      `redis-server:\n  Installed: (none)\n  Candidate: 5:${version}-1\n  Version table:\n     5:9.0.0`,
  },
  {
    ...{ program: "dnf", redis: "redis", install: '"install -y "*', asked: "dnf", policy: "*repoquery*" },
    answer: (version) => version,
  },
  {
    ...{ program: "apk", redis: "redis", install: '"add "*', refresh: "update", asked: "apk", policy: '"policy "*' },
    answer: (version) => `redis policy:\n  ${version}-r0:\n    https://mirror/main`,
  },
  {
    ...{ program: "pacman", redis: "valkey", install: '"-S --noconfirm "*', refresh: "-Sy" },
    ...{ asked: "pacman", policy: '"-Si "*' },
    answer: (version) => `Repository      : extra\nName            : valkey\nVersion         : 1:${version}-1`,
  },
  {
    ...{ program: "zypper", redis: "redis", install: '"--non-interactive install "*' },
    ...{ asked: "zypper", policy: '"--non-interactive info "*' },
    answer: (version) => `Name           : redis\nVersion        : ${version}-150600.1.1\nArch           : x86_64`,
  },
];

/** A machine with that package manager, of which everybody may ask the version, and some other programs. */
async function machineWith(manager: Manager, version: string, script: (machine: Machine) => string, more = {}) {
  const made = await machine(more);
  const answer = `printf '%s\\n' '${manager.answer(version)}'`;
  const asked = `case "$*" in ${manager.policy}${manager.redis}) ${answer}; exit;; esac`;
  const work = `echo "$*" >> ${made.bin}/log\n${script(made)}`;
  await made.add(manager.program, manager.asked === manager.program ? `${asked}\n${work}` : work);
  if (manager.asked !== manager.program) await made.add(manager.asked, asked);
  return made;
}

const find = ({ environment, say }: Machine) => findRedisProgram(say, environment);

test.each(managers)("$program installs a Redis, after fetching lists if they are missing", async (manager) => {
  const { program, redis, install, refresh } = manager;
  const found = await machineWith(manager, "7.2.4", ({ bin }) => {
    const put = installing(bin, "redis-server", server);
    const needsLists = refresh === undefined ? "" : `[ -e ${bin}/lists ] || exit 1;`;
    return `case "$*" in ${refresh ?? "nothing"}) : > ${bin}/lists;; ${install}${redis}) ${needsLists} ${put};; *) exit 2;; esac`;
  });
  expect(await find(found), program).toEqual({ kind: "binary", path: join(found.bin, "redis-server") });
});

test.each(managers)("$program installs no Redis that is too old: Docker's is taken", async (manager) => {
  const never = ({ bin }: Machine) => `case "$*" in ${manager.install}) : > ${bin}/installed;; esac`;
  const withDocker = await machineWith(manager, "6.0.16", never, { docker: "exit 0" });
  expect(await find(withDocker)).toEqual({ kind: "docker" });
  const without = await machineWith(manager, "6.0.16", never);
  await expect(find(without)).rejects.toThrow(
    new RegExp(`${manager.program} has ${manager.redis} .*6\\.0\\.16.* only`),
  );
  for (const { bin } of [withDocker, without]) {
    await expect(stat(join(bin, "installed"))).rejects.toThrow("ENOENT");
  }
});

test.each(managers)("$program installs a Chromium", async (manager) => {
  const found = await machineWith(manager, "7.2.4", ({ bin }) => {
    return `case "$*" in ${manager.install}chromium) ${installing(bin, "chromium")};; *) exit 2;; esac`;
  });
  expect(await findChromium(found.say, found.environment)).toEqual({ path: join(found.bin, "chromium") });
});

test("takes what Valkey brings where there is no package that is called redis", async () => {
  const dnf = managers.find(({ program }) => program === "dnf") as Manager;
  const found = await machineWith({ ...dnf, redis: "nothing" }, "", ({ bin }) => {
    const put = installing(bin, "redis-server", 'echo "Valkey server v=8.1.0 sha=0"');
    return `case "$*" in ${dnf.install}valkey-compat-redis) ${put};; *) echo "Unable to find a match"; exit 1;; esac`;
  });
  expect(await find(found)).toEqual({ kind: "binary", path: join(found.bin, "redis-server") });
});
