import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run, succeeds } from "@switchyard/hosts-test/command";

/** The release of Debian that has the nginx of `docker-compose.yml`: this machine's own may be older. */
const SUITE = "forky";
const packages = ["nginx", "nginx-common", "libc6", "libcrypt1", "libpcre2-8-0", "libssl3t64", "libzstd1", "zlib1g"];
const cache = fileURLToPath(new URL("../../node_modules/.cache/", import.meta.url));
const sources = ["/etc/apt/sources.list", "/etc/apt/sources.list.d/debian.sources"];

/** @returns a directory in which nginx and its libraries are, as in an image; taken out of Debian's packages once */
export async function nginxRoot(): Promise<string> {
  const root = join(cache, `nginx-${SUITE}`);
  if (existsSync(root)) return root;
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, "unpacking-"));
  try {
    const [unpacked, apt] = [join(work, "root"), join(work, "apt")];
    await download(apt);
    const archives = (await run("find", [apt, "-maxdepth", "1", "-name", "*.deb"])).split("\n").filter(Boolean);
    for (const archive of archives) await run("dpkg", ["-x", archive, unpacked]);
    for (const name of ["bin", "sbin", "lib", "lib64"]) await symlink(`usr/${name}`, join(unpacked, name));
    for (const name of ["dev", "proc", "tmp", "run"]) await mkdir(join(unpacked, name), { recursive: true });
    await run("chroot", [unpacked, "nginx", "-v"]);
    await rename(unpacked, root);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return root;
}

/** Why there is no nginx that can be run here as in its image; `undefined` if there is. */
export async function reasonAgainstNginx(): Promise<string | undefined> {
  if (!(await succeeds("apt-get", ["--version"]))) return "there is no apt-get to have Debian's nginx by";
  return nginxRoot().then(
    () => undefined,
    (error: unknown) => `Debian's nginx can't be had: ${String(error).split("\n")[0]}`,
  );
}

/** Downloads packages of that release by apt, whose own lists stay as they are. */
async function download(directory: string): Promise<void> {
  for (const path of ["lists/partial", "cache/archives/partial"])
    await mkdir(join(directory, path), { recursive: true });
  const list = join(directory, "sources.list");
  await writeFile(list, `deb ${await mirror()} ${SUITE} main\n`);
  await writeFile(join(directory, "status"), "");
  const options = [
    `Dir::Etc::sourcelist=${list}`,
    "Dir::Etc::sourceparts=/dev/null",
    `Dir::State::lists=${join(directory, "lists")}`,
    `Dir::State::status=${join(directory, "status")}`,
    `Dir::Cache=${join(directory, "cache")}`,
    "APT::Sandbox::User=root",
    "Acquire::Check-Valid-Until=false",
  ].flatMap((option) => ["-o", option]);
  await run("apt-get", [...options, "update", "-qq"]);
  await run("sh", ["-c", 'cd "$0" && exec apt-get "$@"', directory, ...options, "download", "-qq", ...packages]);
}

/** The mirror that this machine's apt uses. */
async function mirror(): Promise<string> {
  const texts = await Promise.all(sources.map((path) => readFile(path, "utf8").catch(() => "")));
  return /https?:\/\/\S+\/debian\/?(?=\s|$)/m.exec(texts.join("\n"))?.[0] ?? "http://deb.debian.org/debian";
}
