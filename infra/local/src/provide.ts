import { startOrExit } from "@switchyard/runtime";
import { findRedisProgram } from "./redis/program.ts";
import { print } from "./screen.ts";
import { findChromium } from "./system/chromium.ts";
import { providePythonClient } from "./system/python-client.ts";

/**
 * Gets what the tests need from the system, and sends the parent process the environment variables for them: CHROMIUM,
 * the browser's path, or SWITCHYARD_NO_BROWSER, why there is none. Without a Redis it ends with a sentence and exit
 * code 1.
 */
async function provide(): Promise<void> {
  await findRedisProgram(print);
  const chromium = await findChromium(print);
  await providePythonClient(print);
  process.send?.("path" in chromium ? { CHROMIUM: chromium.path } : { SWITCHYARD_NO_BROWSER: chromium.missing });
  process.disconnect?.();
}

await startOrExit(provide);
