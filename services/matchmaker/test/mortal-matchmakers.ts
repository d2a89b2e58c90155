import { keys } from "@switchyard/store";
import { type Environment, type ServiceProcess, startService, type TestCluster, until } from "@switchyard/testkit";

/** Matchmakers of a cluster that are processes of their own, to be killed; its nodes need not be. */
export class MortalMatchmakers {
  readonly #cluster: TestCluster;
  readonly #environment: Environment;
  readonly #alive = new Set<ServiceProcess>();

  /** @param environment of each of them */
  constructor(cluster: TestCluster, environment: Environment) {
    this.#cluster = cluster;
    this.#environment = { ...environment, REDIS_URL: cluster.redisServer.url };
  }

  async start(count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => this.startOne()));
  }

  async startOne(): Promise<ServiceProcess> {
    const matchmaker = await startService("matchmaker", this.#environment);
    this.#alive.add(matchmaker);
    this.#cluster.matchmakers.push(matchmaker); // so its log is in the report of a failure
    return matchmaker;
  }

  async kill(matchmaker: ServiceProcess): Promise<void> {
    this.#alive.delete(matchmaker);
    const { signal } = await matchmaker.kill();
    if (signal !== "SIGKILL") throw new Error(`it ended by itself before: ${signal}`);
  }

  /** Kills the matchmaker that leads the queue, or another one if that one is dead; a new one is started. */
  async killOne(queue: string): Promise<void> {
    if (Math.random() < 0.5) await this.#untilOneIsOpen(queue);
    const leader = await this.#cluster.redis.get(keys.queueLeader(queue));
    const victim = [...this.#alive].find(({ id }) => id === leader) ?? [...this.#alive][0];
    await Promise.all([victim && this.kill(victim), this.startOne()]);
  }

  /** The cluster stops, examined while they are there, and then they. */
  readonly stop = async (): Promise<void> => {
    try {
      await this.#cluster.stop();
    } finally {
      await Promise.all([...this.#alive].map((matchmaker) => this.kill(matchmaker)));
    }
  };

  /** The very moment in which pairings are final and not yet carried out; or none, where nobody is left to be paired. */
  async #untilOneIsOpen(queue: string): Promise<void> {
    const open = async () => (await this.#cluster.store.assignments.open(queue)) > 0;
    await until("a pairing that is not carried out", open, 500).catch(() => {});
  }
}
