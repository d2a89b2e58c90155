import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { node24, root, toolEnvironment } from "./places.mjs";

const PROVIDE = fileURLToPath(new URL("../local/src/provide.ts", import.meta.url));

/**
 * Gets a Redis and a browser for the tests, if the system lets them be installed.
 * @returns {Promise<Record<string, string> | undefined>} the variables that tell the tests about the browser;
 * `undefined`, after a sentence on the screen, when the tests can't run
 */
export function provideForTests() {
  const stdio = ["ignore", "inherit", "inherit", "ipc"];
  const child = spawn(node24, ["--conditions=source", PROVIDE], { cwd: root, env: toolEnvironment(), stdio });
  return new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("error", reject);
    child.once("exit", () => resolve(undefined));
  });
}
