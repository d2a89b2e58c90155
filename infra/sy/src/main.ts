import { runCli } from "./cli.ts";

process.exitCode = await runCli(process.argv.slice(2), process.env, {
  answer: (text) => void process.stdout.write(`${text}\n`),
  aside: (text) => void process.stderr.write(`${text}\n`),
});
