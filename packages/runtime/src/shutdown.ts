import type { Logger } from "./logger.ts";

/** How long a stop may take before the process ends anyway: more than the longest `SHUTDOWN_MS` and what comes after it. */
const LAST_RESORT_MS = 9000;

/**
 * Runs `stop` on the first SIGTERM or SIGINT and then ends the process; a second signal, or a stop that hangs, ends it at once
 * with exit code 1.
 */
export function stopOnSignals(logger: Logger, stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) {
      logger.warn({ signal }, "second signal: ending at once");
      process.exit(1);
    }
    stopping = true;
    logger.info({ signal }, "stopping");
    setTimeout(() => process.exit(1), LAST_RESORT_MS).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, "could not stop cleanly");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
}

/** Runs a service's start; a failure is printed as one sentence, without a stack, and ends the process with exit code 1. */
export async function startOrExit(start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
