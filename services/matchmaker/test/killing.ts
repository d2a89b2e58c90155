import { type ServiceProcess, type TestCluster, until } from "@switchyard/testkit";
import { expect } from "vitest";

/** Kills whoever leads, or somebody in the very moment in which pairings are final and not yet carried out; another is started. */
export async function killOne(cluster: TestCluster<ServiceProcess>, queue: string): Promise<void> {
  const { redis } = cluster;
  if (Math.random() < 0.5) {
    const open = async () => (await redis.xlen(`sy:{queue:${queue}}:assignments`)) > 0;
    await until("a pairing that is not carried out", open, 500).catch(() => {}); // nobody is left to be paired
  }
  const leader = await redis.get(`sy:{queue:${queue}}:leader`);
  const alive = cluster.matchmakers.filter(({ pid }) => isAlive(pid));
  const victim = alive.find(({ id }) => id === leader) ?? alive[0];
  const [killed] = await Promise.all([victim?.kill(), cluster.start("matchmaker")]);
  expect(killed?.signal).toBe("SIGKILL");
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
