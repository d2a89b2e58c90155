import { checkFile, filesToCheck } from "./prose-check.ts";

/** Checks the repository's prose. Exits with 1 if a habit was found. */
const files = filesToCheck();
const found = (await Promise.all(files.map(checkFile))).flat();
for (const finding of found) process.stdout.write(`${finding}\n`);
process.stdout.write(`prose: ${files.length} files checked, ${found.length} sentences to rewrite\n`);
process.exitCode = found.length === 0 ? 0 : 1;
