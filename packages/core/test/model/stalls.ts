import { keys, type Store } from "@switchyard/store";
import type { Held } from "./held.ts";
import type { Hub } from "./hub.ts";
import type { Interleaver } from "./interleaver.ts";
import type { ModelNode } from "./node.ts";
import type { Connection } from "./page/page.ts";
import type { Redis } from "./redis.ts";

/** The parts of a world that have to do with it. */
interface Surroundings {
  readonly interleaver: Interleaver;
  readonly redis: Redis;
  readonly store: Store;
  readonly hub: Hub;
  readonly live: readonly ModelNode[];
  readonly nodeOf: ReadonlyMap<Connection, ModelNode>;
}

/** A node stands still: it reads nothing, and what it has issued, and Redis has not run yet, waits with it. */
export function standStill({ interleaver }: Surroundings, node: ModelNode): void {
  interleaver.standStill(node.id);
  node.sockets.standStill();
}

/** It goes on as if nothing had been: with what lies in its sockets, and what it had issued. */
export function wakeUp({ interleaver }: Surroundings, node: ModelNode): void {
  interleaver.wakeUp(node.id);
  node.sockets.wakeUp();
}

/** A node's lease runs out, whether it is dead, stands still or is only slow. */
export async function lapse({ redis, store }: Surroundings, node: ModelNode): Promise<void> {
  node.lease.lapse();
  await redis.zadd(keys.leases(), "XX", store.clock.now() - 1, node.id);
}

export function awakeIn({ live }: Surroundings): ModelNode[] {
  return live.filter(({ sockets }) => sockets.isAwake);
}

/** Sessions for which something was published that their nodes, if they read at all, have not read yet. */
export function unreadIn({ hub, nodeOf }: Surroundings): Held[] {
  return hub.held.filter(
    ({ undelivered, connection }) => undelivered.length > 0 && nodeOf.get(connection)?.sockets.isAwake !== false,
  );
}
