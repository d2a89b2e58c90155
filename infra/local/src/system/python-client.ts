import type { Print } from "../screen.ts";
import { run } from "./command.ts";
import { installSystemPackage } from "./package.ts";

/** The system's own, which its packages are for. */
const PYTHON = "/usr/bin/python3";
/** python-socketio, and the two libraries with which it speaks polling and WebSocket. */
const PACKAGES = ["python3-socketio", "python3-requests", "python3-websocket"];

/** Gets Debian's python-socketio, with which a test connects, if the system lets it be installed; else that test is skipped. */
export async function providePythonClient(print: Print, environment = process.env): Promise<void> {
  if (process.platform !== "linux") return;
  if ((await run([PYTHON, "-c", "import socketio, requests, websocket"], environment)).ok) return;
  print("python3-socketio", "there is none: installing it from the system's packages");
  for (const apt of PACKAGES) {
    const refusal = await installSystemPackage({ apt, brew: [] }, environment);
    if (refusal !== undefined) return;
  }
}
