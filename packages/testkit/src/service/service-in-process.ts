import {
  type Environment,
  type LogLine,
  type Service,
  type ServiceName,
  serviceAt,
  settingsOf,
  workspace,
} from "./service.ts";

type CreateLog = (id: string) => unknown;

interface Started {
  readonly id: string;
  readonly port: number;
  stop(): Promise<void>;
}

type ReadConfig = (environment: Readonly<Record<string, string>>) => { readonly LOG_LEVEL: string };
type Start = (config: object, createLog: CreateLog) => Promise<Started>;

/** The names of the exports by which a service's own `main.ts` reads its settings and starts it. */
const exportsOf = {
  signaling: { readConfig: "readSignalingConfig", start: "startSignaling" },
  matchmaker: { readConfig: "readMatchmakerConfig", start: "startMatchmaker" },
} as const;

interface Logging {
  createLogger(level: string, fields: object, destination: { write(line: string): void }): unknown;
}

/**
 * Starts a service in this process, as its `main.ts` does but for signals. It takes a tenth of what a process of its own
 * costs, and can't be killed. It is loaded by its path, as a process is: so this package depends on no service.
 */
export async function startServiceHere(name: ServiceName, environment: Environment): Promise<Service> {
  const { createLogger } = (await import(`${workspace}packages/runtime/src/index.ts`)) as Logging;
  const service = (await import(`${workspace}services/${name}/src/index.ts`)) as Readonly<Record<string, unknown>>;
  const readConfig = service[exportsOf[name].readConfig] as ReadConfig;
  const start = service[exportsOf[name].start] as Start;
  const lines: LogLine[] = [];
  const config = readConfig(settingsOf(name, environment));
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const createLog = (node: string) => createLogger(config.LOG_LEVEL, { service: name, node }, destination);
  const { id, port, stop } = await start(config, createLog);
  let stopped: Promise<void> | undefined;
  const stopOnce = () => {
    stopped ??= stop();
    return stopped;
  };
  return { ...serviceAt(port, id, lines), stop: stopOnce };
}
