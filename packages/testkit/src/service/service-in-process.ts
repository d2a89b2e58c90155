import { loadDialects, loadRuntime, loadService } from "./loaded.ts";
import { type Environment, type LogLine, type Service, type ServiceName, serviceAt, settingsOf } from "./service.ts";

/**
 * Starts a service in this process, as its `main.ts` does but for signals. It takes a tenth of what a process of its own
 * costs, and can't be killed.
 * @param dialects the module of those that it serves; by default the registry
 */
export async function startServiceHere(
  name: ServiceName,
  environment: Environment,
  dialects?: string,
): Promise<Service> {
  const { createLogger } = await loadRuntime();
  const { readConfig, start } = await loadService(name);
  const lines: LogLine[] = [];
  const config = readConfig(settingsOf(name, environment));
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const createLog = (node: string) => createLogger(config.LOG_LEVEL, { service: name, node }, destination);
  const { id, port, stop } = await start(config, createLog, await loadDialects(dialects));
  let stopped: Promise<void> | undefined;
  const stopOnce = () => {
    stopped ??= stop();
    return stopped;
  };
  return { ...serviceAt(port, id, lines), stop: stopOnce };
}
