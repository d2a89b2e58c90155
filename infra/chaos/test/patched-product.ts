import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../..", import.meta.url));

/** A change of one file of the product: each pattern is found there once, and replaced. */
export interface Patch {
  readonly file: string;
  readonly replacements: readonly (readonly [pattern: RegExp, by: string])[];
}

/** A copy of the product in a directory of its own, and what removes it. */
export interface PatchedProduct {
  readonly root: string;
  readonly remove: () => Promise<void>;
}

/**
 * Copies the product and patches the copy. Libraries are those of the repository.
 * @throws Error for a pattern that is not found: the product has changed
 */
export async function patchProduct(patches: readonly Patch[]): Promise<PatchedProduct> {
  const root = await mkdtemp(join(tmpdir(), "switchyard-planted-"));
  const remove = () => rm(root, { recursive: true, force: true });
  try {
    for (const folder of ["packages", "services/signaling", "services/matchmaker"]) {
      await cp(join(repository, folder), join(root, folder), { recursive: true, verbatimSymlinks: true });
    }
    await symlink(join(repository, "node_modules"), join(root, "node_modules"));
    for (const patch of patches) await apply(root, patch);
    return { root, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function apply(root: string, { file, replacements }: Patch): Promise<void> {
  const path = join(root, file);
  let text = await readFile(path, "utf8");
  for (const [pattern, by] of replacements) {
    if (!pattern.test(text)) throw new Error(`${file} has nothing like ${pattern}`);
    text = text.replace(pattern, () => by);
  }
  await writeFile(path, text);
}
