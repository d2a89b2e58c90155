import { createLogger, type Logger } from "./logger.ts";
import { notifyParent, stopWithParent } from "./parent.ts";
import { startOrExit, stopOnSignals } from "./shutdown.ts";

/** A service that has started. */
interface RunningService {
  readonly id: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Reads a service's configuration, starts the service, and stops it on a signal or with the process that started this one. */
export function runService<Config extends { readonly LOG_LEVEL: string; readonly NODE_NAME?: string | undefined }>(
  service: string,
  readConfig: () => Config,
  start: (config: Config, createLog: (node: string) => Logger) => Promise<RunningService>,
): Promise<void> {
  return startOrExit(async () => {
    const config = readConfig();
    const createLog = (node: string) => createLogger(config.LOG_LEVEL, { service, node });
    const starting = start(config, createLog);
    // a signal that comes while it starts is answered when it has started
    stopOnSignals(createLog(config.NODE_NAME ?? service), async () => (await starting).stop());
    const { id, port } = await starting;
    stopWithParent();
    notifyParent({ node: id, port });
  });
}
