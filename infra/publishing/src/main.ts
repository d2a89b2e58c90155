import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { findingsOf } from "./findings.ts";
import { writeReference } from "./reference.ts";
import { packAll, published } from "./tarballs.ts";

/**
 * Builds and checks the packages for others: their tarballs and references lie in `infra/publishing/dist` then. Exits with 1
 * if something is wrong with one.
 */
const directory = fileURLToPath(new URL("../dist", import.meta.url));
await rm(directory, { recursive: true, force: true });
const tarballs = await packAll(directory);
const findings: string[] = [];
for (const folder of published) {
  findings.push(...(await findingsOf(tarballs[folder])), ...(await writeReference(folder, `${directory}/${folder}`)));
  process.stdout.write(`${tarballs[folder].path}\n${directory}/${folder}/index.html\n`);
}
for (const finding of findings) process.stdout.write(`${finding}\n`);
process.exitCode = findings.length === 0 ? 0 : 1;
