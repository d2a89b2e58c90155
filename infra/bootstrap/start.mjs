import { spawn } from "node:child_process";
import { constants } from "node:os";
import { ensureDependencies } from "./dependencies.mjs";
import { ensurePage } from "./page.mjs";
import { inRoot, node24, root, toolEnvironment } from "./workspace.mjs";

/**
 * A terminal's Ctrl-C reaches this process and npm, which passes it on once more. Nothing tells the two apart but time,
 * and on a machine that shares its cores npm's may come more than 50 ms later: within this time it is one signal. To
 * take an echo for a second Ctrl-C would end nodes without a drain; to miss a hasty second one costs a third.
 */
const SAME_SIGNAL_MS = 250;
const PARENT_CHECK_MS = 250;

/**
 * Installs and builds what is missing, then runs the cluster until it ends.
 * @returns {Promise<number>} its exit code
 */
export function start() {
  ensureDependencies();
  ensurePage();
  const launcher = spawn(node24, ["--conditions=source", inRoot("infra", "local", "src", "main.ts")], {
    cwd: root,
    env: toolEnvironment(),
    detached: true, // out of the terminal's process group: it hears of Ctrl-C from here only, once
    stdio: ["ignore", "inherit", "inherit", "ipc"], // the channel's closing tells it when this process is killed
  });
  forwardSignals(launcher);
  endWithNpm(launcher);
  return new Promise((resolve, reject) => {
    launcher.once("error", reject);
    launcher.once("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

function forwardSignals(launcher) {
  const lastAt = new Map();
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, () => {
      const now = performance.now();
      if (now - (lastAt.get(signal) ?? Number.NEGATIVE_INFINITY) < SAME_SIGNAL_MS) return;
      lastAt.set(signal, now);
      launcher.kill(signal);
    });
  }
}

/** When npm is killed without a chance to pass it on, nobody is left who could stop the cluster. */
function endWithNpm(launcher) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const npm = process.ppid;
  const check = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(check);
    launcher.kill("SIGTERM");
  }, PARENT_CHECK_MS);
  check.unref();
}
