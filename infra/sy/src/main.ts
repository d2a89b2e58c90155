import { runCli } from "./cli.ts";
import { exitCodes } from "./exit-code.ts";

/** The reader of the answer may close it early, as `head` does. */
process.stdout.on("error", ({ code, message }: NodeJS.ErrnoException) => {
  if (code !== "EPIPE") process.stderr.write(`sy: the answer can't be written (${message})\n`);
  process.exit(code === "EPIPE" ? process.exitCode : exitCodes.problem);
});
process.stderr.on("error", () => {});

process.exitCode = await runCli(process.argv.slice(2), process.env, {
  answer: (text) => void process.stdout.write(`${text}\n`),
  aside: (text) => void process.stderr.write(`${text}\n`),
});
