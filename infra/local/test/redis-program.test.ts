import { chmod, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findRedisProgram } from "../src/redis/program.ts";
import { emptyRoot } from "./launcher/launcher-process.ts";

const installers = ["apt-get", "brew"];

/** A machine whose PATH holds these programs, given as shell scripts, and nothing else. */
async function machine(programs: Readonly<Record<string, string>>) {
  const bin = join(await emptyRoot(), "bin");
  await mkdir(bin);
  await symlink("/usr/bin/env", join(bin, "env"));
  const sudo = { sudo: 'shift; exec "$@"' };
  for (const [name, script] of Object.entries({ ...sudo, ...programs })) await addProgram(bin, name, script);
  const said: string[] = [];
  const find = () => findRedisProgram((name, text) => void said.push(`${name}: ${text}`), { PATH: bin });
  return { bin, said, find };
}

async function addProgram(bin: string, name: string, script: string): Promise<void> {
  await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(bin, name), 0o755);
}

const server = (words: string) => `echo "${words}"`;
const redis7 = server("Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64");

for (const [what, words] of [
  ["Redis 7", "Redis server v=7.0.15 sha=0 malloc=libc"],
  ["Valkey 8", "Valkey server v=8.0.1 sha=0 malloc=libc"],
] as const) {
  test(`takes ${what} from the PATH`, async () => {
    const { bin, said, find } = await machine({ "redis-server": server(words) });
    expect(await find()).toEqual({ kind: "binary", path: join(bin, "redis-server") });
    expect(said).toEqual([]);
  });
}

test("installs one from the system's packages, after fetching their lists if that is what is missing", async () => {
  const { bin, said, find } = await machine({});
  const target = join(bin, "redis-server");
  const install = `printf '#!/bin/sh\\n%s\\n' '${redis7}' > ${target}; /bin/chmod 755 ${target}`;
  const script = `case "$*" in update) : > ${bin}/lists;; *) [ -e ${bin}/lists ] || exit 100; ${install};; esac`;
  await addProgram(bin, "apt-get", script);
  await addProgram(bin, "brew", install);
  expect(await find()).toEqual({ kind: "binary", path: target });
  expect(said).toEqual(["redis: there is no redis-server on the PATH: installing it from the system's packages"]);
});

test("takes Docker when the packages have none that is new enough", async () => {
  const old = { "redis-server": server("Redis server v=6.0.16 sha=0") };
  const { find } = await machine({ ...old, "apt-get": "exit 0", brew: "exit 0", docker: "exit 0" });
  expect(await find()).toEqual({ kind: "docker" });
});

test("says in one sentence what to do when there is nothing", async () => {
  const failing = Object.fromEntries(installers.map((name) => [name, "echo 'no such package'; exit 1"]));
  const { bin, find } = await machine({ ...failing, docker: "exit 1" });
  await expect(find()).rejects.toThrow(/no such package.*install redis-server, start Docker, or set REDIS_URL\.$/);
  for (const name of installers) await rm(join(bin, name));
  await expect(find()).rejects.toThrow(/could not get one.*install redis-server, start Docker, or set REDIS_URL\.$/);
});
