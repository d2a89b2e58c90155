import type { Ban, BanChange } from "@switchyard/store";
import type { Cluster } from "../context.ts";

/** How many bans that are over are removed in one step. */
const BATCH = 500;

/**
 * Brings a change of the bans into every queue. A queue that does not have those before the change is given the whole list: the process
 * that made an earlier change has died, or is slow, and then finds its own change there already.
 * @param lifted the bans that it lifts
 */
export async function spreadChange(cluster: Cluster, change: BanChange, lifted: readonly Ban[]): Promise<void> {
  const { store } = cluster;
  for (const { queue, concerns } of queuesOf(cluster)) {
    const put = change.put && concerns(change.put) ? [change.put] : [];
    const revision = await store.queueBans.change(queue, change, put, lifted.filter(concerns));
    if (isBehind(revision, change.revision)) await spreadBans(cluster);
  }
}

/** Gives the whole list of bans to every queue that has an older one. */
export async function spreadBans(cluster: Cluster): Promise<void> {
  const { store } = cluster;
  const queues = queuesOf(cluster);
  const revision = await store.moderation.revision();
  const theirs = await Promise.all(queues.map(({ queue }) => store.queueBans.revision(queue)));
  const behind = queues.filter((_, i) => isBehind(theirs[i] ?? "0", revision));
  if (behind.length === 0) return;
  const { revision: loaded, bans } = await store.moderation.load();
  for (const { queue, concerns } of behind) await store.queueBans.replace(queue, loaded, bans.filter(concerns));
}

/**
 * Once a second, by the sweep: removes bans that are over, finishes changes that did not reach every queue, and forgets old actions.
 * @param auditRetentionMs for how long operators' actions are kept
 * @returns how many bans were over
 */
export async function sweepBans(cluster: Cluster, auditRetentionMs: number): Promise<number> {
  const { moderation } = cluster.store;
  const over = await moderation.expire(BATCH);
  await spreadBans(cluster);
  await moderation.trimAudit(auditRetentionMs);
  return over;
}

function isBehind(revision: string, wanted: string): boolean {
  return Number(revision) < Number(wanted);
}

/** Every queue, and which bans hold for it: mutes don't. */
function queuesOf({ contexts }: Cluster) {
  return [...contexts.values()].flatMap((context) => {
    const concerns = ({ effect, dialect }: Ban) =>
      effect !== "mute" && (dialect === undefined || dialect === context.dialect);
    return context.queues.map((queue) => ({ queue, concerns }));
  });
}
