import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../", import.meta.url));

/** The packages for others, lowest first, by their folders. */
export const published = ["client", "react"] as const;

export type Published = (typeof published)[number];

/** A package as the registry would get it. */
export interface Tarball {
  readonly name: string;
  readonly version: string;
  /** Where the file is. */
  readonly path: string;
}

interface Bootstrap {
  pnpm(args: readonly string[]): { code: number; output: string };
}

/**
 * Builds the packages and packs them into a directory.
 * @throws Error with what the build printed, where it fails
 */
export async function packAll(directory: string): Promise<Record<Published, Tarball>> {
  await mkdir(directory, { recursive: true });
  const { pnpm } = (await import(join(root, "infra/bootstrap/dependencies.mjs"))) as Bootstrap;
  const run = (folder: string, args: readonly string[]) => {
    const { code, output } = pnpm(["--dir", join(root, "packages", folder), ...args]);
    if (code !== 0) throw new Error(`${args.join(" ")} of ${folder} failed:\n${output}`);
  };
  const packed: Partial<Record<Published, Tarball>> = {};
  for (const folder of published) {
    run(folder, ["run", "build"]);
    run(folder, ["pack", "--pack-destination", directory]);
    packed[folder] = await tarballOf(folder, directory);
  }
  return packed as Record<Published, Tarball>;
}

async function tarballOf(folder: string, directory: string): Promise<Tarball> {
  const text = await readFile(join(root, "packages", folder, "package.json"), "utf8");
  const { name, version } = JSON.parse(text) as { name: string; version: string };
  return { name, version, path: join(directory, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`) };
}
