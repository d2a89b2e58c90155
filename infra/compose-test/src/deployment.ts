import { fileURLToPath } from "node:url";
import { docker, type Environment } from "./docker.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const files = ["docker-compose.yml", "infra/compose-test/compose.yml"].flatMap((file) => ["-f", root + file]);
/** Building the images downloads the dependencies, the first time. */
const BUILD_MS = 900_000;
const CHANGE_MS = 300_000;

type ServiceName = "nginx" | "signaling" | "matchmaker" | "redis" | "coturn" | "secrets";

/** A deployment by `docker compose`, under a project name and on a loopback port of its own. */
export class Deployment {
  readonly project: string;
  readonly port: number;
  #environment: Environment;

  /** @param environment the settings it has */
  constructor(project: string, port: number, environment: Environment) {
    this.project = project;
    this.port = port;
    this.#environment = environment;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get environment(): Environment {
    return this.#environment;
  }

  /** The images that it runs without having built them. */
  async foreignImages(): Promise<string[]> {
    const images = (await this.compose(["config", "--images"])).split("\n").filter(Boolean);
    return images.filter((image) => !image.startsWith(this.project));
  }

  build(): Promise<string> {
    return this.compose(["build"], BUILD_MS);
  }

  /** Starts what does not run and changes what is not as wanted; resolves when all of it is healthy. */
  async up(replicas: number, settings: Environment = {}): Promise<void> {
    this.#environment = { ...this.#environment, ...settings };
    try {
      await this.compose(["up", "--detach", "--wait", "--scale", `signaling=${replicas}`], CHANGE_MS);
    } catch (error) {
      const said = await this.compose(["logs", "--no-color", "--tail", "3"]);
      throw new Error(`${String(error)}\n${said}`, { cause: error });
    }
  }

  /** The ids of a service's running containers. */
  async containers(service: ServiceName): Promise<string[]> {
    const output = await this.compose(["ps", "--quiet", "--status", "running", service]);
    return output.split("\n").filter(Boolean);
  }

  /** The addresses of a service's containers in one of the deployment's networks. */
  async addresses(service: ServiceName, network: "edge" | "state"): Promise<string[]> {
    const containers = await this.containers(service);
    const format = `{{(index .NetworkSettings.Networks "${this.project}_${network}").IPAddress}}`;
    const output = await docker(["inspect", "--format", format, ...containers]);
    return output.split("\n").filter(Boolean);
  }

  /** Redis's address, for the user with all rights. */
  async redisUrl(): Promise<string> {
    const [address] = await this.addresses("redis", "state");
    const password = (await this.compose(["exec", "-T", "redis", "cat", "/run/access/admin"])).trim();
    return `redis://admin:${encodeURIComponent(password)}@${address}:6379`;
  }

  logs(service: ServiceName): Promise<string> {
    return this.compose(["logs", "--no-log-prefix", "--no-color", service]);
  }

  compose(args: readonly string[], timeoutMs = CHANGE_MS, detached = false): Promise<string> {
    const own = {
      COMPOSE_PROJECT_NAME: this.project,
      COMPOSE_PROFILES: "turn",
      PORT: `127.0.0.1:${this.port}`,
    };
    // not the operator's own `.env`, if there is one
    const place = ["compose", "--env-file", "/dev/null", "--project-directory", root, ...files];
    return docker([...place, ...args], { environment: { ...this.#environment, ...own }, timeoutMs, detached });
  }

  /** Takes everything away again: containers, networks, volumes, and the images that were built. */
  async remove(): Promise<void> {
    const everything = ["--volumes", "--remove-orphans", "--timeout", "5", "--rmi", "local"];
    await this.compose(["down", ...everything], CHANGE_MS, true);
  }
}
