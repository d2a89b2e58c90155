import { stat } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { findRedisProgram } from "../../local/src/redis/program.ts";
import { findChromium } from "../../local/src/system/chromium.ts";
import { installing, type Machine, machine } from "./machine.ts";

beforeEach(({ skip }) => skip(process.platform === "darwin", "there it is Homebrew that installs"));

const server = 'echo "Redis server v=7.2.4 sha=0"';

/** A machine with an apt-get, of which everybody may ask Redis's version, and some other programs. */
async function machineWith(version: string, script: (machine: Machine) => string, more = {}) {
  const made = await machine(more);
  const policy = `redis-server:\n  Installed: (none)\n  Candidate: 5:${version}-1\n  Version table:\n     5:9.0.0`;
  await made.add("apt-get", script(made));
  await made.add("apt-cache", `[ "$*" = "policy redis-server" ] && printf '%s\\n' '${policy}'`);
  return made;
}

const find = ({ environment, say }: Machine) => findRedisProgram(say, environment);

test("apt-get installs a Redis, after fetching lists if they are missing", async () => {
  const found = await machineWith("7.2.4", ({ bin }) => {
    const put = installing(bin, "redis-server", server);
    const install = `[ -e ${bin}/lists ] || exit 1; ${put}`;
    return `case "$*" in update) : > ${bin}/lists;; "install -y "*redis-server) ${install};; *) exit 2;; esac`;
  });
  expect(await find(found)).toEqual({ kind: "binary", path: join(found.bin, "redis-server") });
});

test("apt-get installs no Redis that is too old: Docker's is taken", async () => {
  const never = ({ bin }: Machine) => `case "$*" in "install -y "*) : > ${bin}/installed;; esac`;
  const withDocker = await machineWith("6.0.16", never, { docker: "exit 0" });
  expect(await find(withDocker)).toEqual({ kind: "docker" });
  const without = await machineWith("6.0.16", never);
  await expect(find(without)).rejects.toThrow(/apt-get has redis-server .*6\.0\.16.* only/);
  for (const { bin } of [withDocker, without]) {
    await expect(stat(join(bin, "installed"))).rejects.toThrow("ENOENT");
  }
});

test("apt-get installs a Chromium", async () => {
  const found = await machineWith("7.2.4", ({ bin }) => {
    return `case "$*" in "install -y "*chromium) ${installing(bin, "chromium")};; *) exit 2;; esac`;
  });
  expect(await findChromium(found.say, found.environment)).toEqual({ path: join(found.bin, "chromium") });
});

test("without apt-get it installs nothing, and one sentence says what to install", async () => {
  const made = await machine();
  for (const other of ["dnf", "apk", "pacman", "zypper"]) await made.add(other, `: > ${made.bin}/called`);
  await expect(find(made)).rejects.toThrow(
    "Switchyard needs Redis 7 or newer, and could not get one (there is no apt-get to install it with; Docker is not " +
      "running): install redis-server, start Docker, or set REDIS_URL.",
  );
  await expect(stat(join(made.bin, "called"))).rejects.toThrow("ENOENT");
});
