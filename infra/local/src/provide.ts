import { startOrExit } from "@switchyard/runtime";
import { findRedisProgram } from "./redis/program.ts";
import { print } from "./screen.ts";
import { findChromium } from "./system/chromium.ts";
import { run } from "./system/command.ts";
import { installSystemPackage } from "./system/package.ts";

/** The system's own, which its packages are for. */
const PYTHON = "/usr/bin/python3";
/** python-socketio, and the two libraries with which it speaks polling and WebSocket. */
const PACKAGES = "python3-socketio python3-requests python3-websocket";

/**
 * Gets what the tests need from the system, and sends the parent process the environment variables for them: CHROMIUM,
 * the browser's path, or SWITCHYARD_NO_BROWSER, why there is none. Without a Redis it ends with a sentence and exit
 * code 1.
 */
async function provide(): Promise<void> {
  await findRedisProgram(print);
  const chromium = await findChromium(print);
  await providePythonClient();
  process.send?.("path" in chromium ? { CHROMIUM: chromium.path } : { SWITCHYARD_NO_BROWSER: chromium.missing });
  process.disconnect?.();
}

/** Gets Debian's python-socketio, with which a test connects, if the system lets it be installed; else that test is skipped. */
async function providePythonClient(): Promise<void> {
  if (process.platform !== "linux") return;
  if ((await run([PYTHON, "-c", "import socketio, requests, websocket"])).ok) return;
  print("python3-socketio", "there is none: installing it from the system's packages");
  await installSystemPackage({ apt: PACKAGES, brew: [] });
}

await startOrExit(provide);
