import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ownRedis } from "@switchyard/local/redis";
import { type RunDirectory, takeRunDirectory } from "@switchyard/local/run-directory";
import { service } from "@switchyard/local/service";
import { type Part, type Running, Supervisor } from "@switchyard/local/supervisor";
import { type Fault, victimOf } from "../schedule/fault.ts";
import { Forwarder } from "./forwarder.ts";
import { type Guard, whenGone } from "./guard.ts";
import { ProcessTarget } from "./processes.ts";
import { FaultError, type Injected, lasting, NoVictimError, type Target } from "./target.ts";

const SERVICES_END_MS = 7000;
const REDIS_END_MS = 5000;
/** By then Redis's own guard has ended it. */
const REMOVE_DIRECTORY = 'sleep 15; rm -rf -- "$1"';
/** All users of a run share an address. */
const unlimited = { ADDRESS_RATE_LIMIT_USERS: "0", MAX_CONNECTIONS_PER_IP: "0" };
const repository = fileURLToPath(new URL("../../../..", import.meta.url));

export interface OwnClusterOptions {
  readonly nodes: number;
  readonly matchmakers: number;
  /** The directory of the repository from which services run. */
  readonly root?: string;
  /** Settings of all services. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Receives what processes say, line by line. */
  readonly print?: (name: string, text: string) => void;
}

interface Member {
  readonly part: Supervisor;
  /** The node's way to Redis. */
  readonly link: Forwarder;
}

/** A cluster that this process starts on free ports, with a Redis of its own, and ends again. */
export class OwnCluster {
  readonly #options: OwnClusterOptions;
  readonly #directory: string;
  readonly #runDirectory: RunDirectory;
  readonly #guard: Guard;
  readonly #nodes: Member[] = [];
  readonly #matchmakers: Supervisor[] = [];
  #redis:
    | { readonly part: Supervisor; readonly url: string; readonly urlFor: (user: "signaling" | "matchmaker") => string }
    | undefined;
  #started = 0;

  private constructor(options: OwnClusterOptions, directory: string, runDirectory: RunDirectory) {
    this.#options = options;
    this.#directory = directory;
    this.#runDirectory = runDirectory;
    this.#guard = whenGone(REMOVE_DIRECTORY, directory);
  }

  /** Starts everything; what was started is ended again if something can't be. */
  static async start(options: OwnClusterOptions): Promise<Target> {
    const directory = await mkdtemp(join(tmpdir(), "switchyard-chaos-"));
    const cluster = new OwnCluster(options, directory, await takeRunDirectory(directory));
    try {
      await cluster.#startAll();
      return await cluster.#target();
    } catch (error) {
      await cluster.#end();
      throw error;
    }
  }

  async #startAll(): Promise<void> {
    const { nodes, matchmakers } = this.#options;
    const { part, url, urlFor } = await ownRedis(this.#runDirectory, this.#print);
    if (!part) throw new FaultError("there is no Redis to start");
    const redis = this.#supervise(part);
    this.#redis = { part: redis, url, urlFor };
    await redis.start();
    await Promise.all([
      ...Array.from({ length: nodes }, () => this.#startNode()),
      ...Array.from({ length: matchmakers }, (_, index) => this.#startMatchmaker(`matchmaker-${index + 1}`)),
    ]);
  }

  async #target(): Promise<Target> {
    const target = await ProcessTarget.open("own", () => this.#processes(), {
      "scale-up": () => this.#scaleUp(),
      "scale-down": (fault) => this.#scaleDown(fault),
      "partition-redis": async (fault) => this.#partition(fault),
    });
    const { name, urls, faults } = target;
    const close = async () => {
      await target.close();
      await this.#end();
    };
    return { name, urls, faults, ready: () => target.ready(), close };
  }

  #processes() {
    const running = (parts: readonly Supervisor[]): Running[] => parts.flatMap((part) => part.running ?? []);
    return {
      nodes: running(this.#nodes.map(({ part }) => part)),
      matchmakers: running(this.#matchmakers),
      redis: { url: this.#redis?.url ?? "", pid: this.#redis?.part.running?.pid },
    };
  }

  async #startNode(): Promise<Member> {
    this.#started += 1;
    const name = `node-${this.#started}`;
    const url = new URL(this.#redis?.urlFor("signaling") ?? "");
    const link = new Forwarder(() => [{ name: "redis", port: Number(url.port) }]);
    const direct = new URL(url);
    direct.port = String(await link.listen());
    const member = { part: this.#service("signaling", name, direct.href), link };
    this.#nodes.push(member);
    await member.part.start();
    return member;
  }

  async #startMatchmaker(name: string): Promise<void> {
    const part = this.#service("matchmaker", name, this.#redis?.urlFor("matchmaker") ?? "");
    this.#matchmakers.push(part);
    await part.start();
  }

  #service(kind: "signaling" | "matchmaker", name: string, redisUrl: string): Supervisor {
    const { root = repository, environment = {} } = this.#options;
    const script = join(root, "services", kind, "src/main.ts");
    const part = service(name, 0, script, { REDIS_URL: redisUrl, TRUST_PROXY: "" });
    return this.#supervise({ ...part, environment: { ...part.environment, ...unlimited, ...environment } });
  }

  #supervise(part: Part): Supervisor {
    return new Supervisor(part, {
      ready: () => {},
      ended: (unexpectedly) => {
        if (unexpectedly !== undefined) this.#print(part.name, `ended: ${unexpectedly}`);
      },
      line: (text) => this.#print(part.name, text),
    });
  }

  readonly #print = (name: string, text: string): void => this.#options.print?.(name, text);

  async #scaleUp(): Promise<Injected> {
    const member = await this.#startNode();
    const name = member.part.running?.id ?? "a node";
    return lasting(`${name} is added`, `${name} drains and ends`, () => this.#remove(member));
  }

  async #scaleDown(fault: Fault): Promise<Injected> {
    const member = victimOf(fault, this.#nodes);
    if (!member || this.#nodes.length < 2) throw new NoVictimError("there is only one node");
    const name = member.part.running?.id ?? "a node";
    await this.#remove(member);
    return lasting(`${name} has drained and ended`, "a node is added", async () => void (await this.#startNode()));
  }

  async #remove(member: Member): Promise<void> {
    this.#nodes.splice(this.#nodes.indexOf(member), 1);
    await endMember(member);
  }

  #partition(fault: Fault): Injected {
    const member = victimOf(fault, this.#nodes);
    const id = member?.part.running?.id;
    if (!member || id === undefined) throw new NoVictimError("the node is not ready");
    return lasting(`${id} is cut from Redis`, `${id} reaches Redis again`, member.link.hold("redis"));
  }

  async #end(): Promise<void> {
    await Promise.all([
      ...this.#nodes.map(endMember),
      ...this.#matchmakers.map((part) => part.stop(performance.now() + SERVICES_END_MS)),
    ]);
    await this.#redis?.part.stop(performance.now() + REDIS_END_MS);
    this.#runDirectory.release();
    await rm(this.#directory, { recursive: true, force: true });
    this.#guard.disarm();
  }
}

async function endMember({ part, link }: Member): Promise<void> {
  await part.stop(performance.now() + SERVICES_END_MS);
  link.close();
}
