import { spawn } from "node:child_process";

/**
 * Runs a program to its end. Its output goes to the screen, or with `quiet` into the result.
 * @returns {Promise<{ code: number, output: string }>} 127 when there is no such program
 */
export function run(command, { cwd, environment = process.env, quiet = false } = {}) {
  const [program, ...args] = command;
  return new Promise((resolve) => {
    const stdio = quiet ? ["ignore", "pipe", "pipe"] : "inherit";
    const child = spawn(program, args, { cwd, env: environment, stdio });
    const chunks = [];
    child.stdout?.on("data", (chunk) => chunks.push(chunk));
    child.stderr?.on("data", (chunk) => chunks.push(chunk));
    const end = (code) => resolve({ code, output: Buffer.concat(chunks).toString("utf8") });
    child.once("error", () => end(127));
    child.once("close", (code) => end(code ?? 1));
  });
}
