import { readFile } from "node:fs/promises";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { problemKindInfo } from "@arethetypeswrong/core/problems";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import type { Tarball } from "./tarballs.ts";

/** Ways of finding a package that an ECMAScript module for today's Node and for bundlers is not found by. */
const FORMER = new Set<string>(["node10", "node16-cjs"]);

/** All that publint and Are The Types Wrong have against a package. */
export async function findingsOf({ path }: Tarball): Promise<string[]> {
  const tarball = new Uint8Array(await readFile(path));
  return [...(await publintOf(tarball)), ...(await wrongTypesOf(tarball))];
}

async function publintOf(tarball: Uint8Array<ArrayBuffer>): Promise<string[]> {
  const { messages, pkg } = await publint({ pack: { tarball: tarball.buffer }, strict: true });
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`);
}

async function wrongTypesOf(tarball: Uint8Array): Promise<string[]> {
  const result = await checkPackage(createPackageFromTarballData(tarball), { excludeEntrypoints: [/\.css$/] });
  if (!result.types) return ["The package has no types."];
  return result.problems
    .filter((problem) => !("resolutionKind" in problem && FORMER.has(problem.resolutionKind)))
    .map((problem) => {
      const where = "entrypoint" in problem ? `${problem.entrypoint} (${problem.resolutionKind})` : "the package";
      return `types: ${where}: ${problemKindInfo[problem.kind].description}`;
    });
}
