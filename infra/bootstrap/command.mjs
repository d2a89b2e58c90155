import { spawn } from "node:child_process";

/**
 * Runs a program to its end, and asks it to end when it has taken longer than `timeoutMs`. Its output goes to the screen,
 * or with `quiet` into the result.
 * @returns {Promise<{ code: number, output: string }>} 127 when there is no such program
 */
export function run(command, { cwd, environment = process.env, quiet = false, timeoutMs } = {}) {
  const [program, ...args] = command;
  return new Promise((resolve) => {
    const stdio = quiet ? ["ignore", "pipe", "pipe"] : "inherit";
    const child = spawn(program, args, { cwd, env: environment, stdio, timeout: timeoutMs });
    const chunks = [];
    child.stdout?.on("data", (chunk) => chunks.push(chunk));
    child.stderr?.on("data", (chunk) => chunks.push(chunk));
    const end = (code) => resolve({ code, output: Buffer.concat(chunks).toString("utf8") });
    child.once("error", () => end(127));
    child.once("close", (code) => end(code ?? 1));
  });
}
