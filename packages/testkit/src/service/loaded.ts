import { type ServiceName, workspace } from "./service.ts";

/** The facts that a test needs about a dialect that its cluster serves. */
export interface ServedDialect {
  readonly name: string;
  readonly queues: readonly string[];
}

/** Where all dialects are that the services serve by themselves. */
const registry = `${workspace}packages/dialects/src/index.ts`;

/**
 * The dialects of a module, by its path or URL.
 * @param module exports them as `dialects`; by default the registry
 */
export async function loadDialects(module: string = registry): Promise<readonly ServedDialect[]> {
  const { dialects } = (await import(module)) as { readonly dialects: readonly ServedDialect[] };
  return dialects;
}

type CreateLog = (id: string) => unknown;

interface Started {
  readonly id: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** How a service reads its settings, by default those of its process, and is started. */
interface LoadedService {
  readConfig(environment?: Readonly<Record<string, string>>): { readonly LOG_LEVEL: string };
  start(config: object, createLog: CreateLog, dialects: readonly ServedDialect[]): Promise<Started>;
}

const exportsOf = {
  signaling: { readConfig: "readSignalingConfig", start: "startSignaling" },
  matchmaker: { readConfig: "readMatchmakerConfig", start: "startMatchmaker" },
} as const;

/** A service, by its path, as a process loads it: so this package depends on no service. */
export async function loadService(name: ServiceName): Promise<LoadedService> {
  const service = (await import(`${workspace}services/${name}/src/index.ts`)) as Readonly<Record<string, unknown>>;
  return {
    readConfig: service[exportsOf[name].readConfig] as LoadedService["readConfig"],
    start: service[exportsOf[name].start] as LoadedService["start"],
  };
}

interface Runtime {
  createLogger(level: string, fields: object, destination: { write(line: string): void }): unknown;
  runService(
    service: ServiceName,
    readConfig: () => object,
    start: (config: object, createLog: CreateLog) => Promise<Started>,
  ): Promise<void>;
}

export async function loadRuntime(): Promise<Runtime> {
  return (await import(`${workspace}packages/runtime/src/index.ts`)) as Runtime;
}
