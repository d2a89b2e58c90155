import { hostname } from "node:os";
import { type Dialect, dialects as registered } from "@switchyard/dialects";
import type { NodeId } from "@switchyard/protocol";
import { type Logger, processId } from "@switchyard/runtime";
import { type Base, openBase } from "./base.ts";
import { type SignalingConfig, version } from "./config.ts";
import { openEntrance } from "./entrance.ts";
import { type House, openHouse } from "./house.ts";
import { Lease } from "./lifecycle/lease.ts";
import { followOrders } from "./lifecycle/operator-orders.ts";
import { stopNode } from "./lifecycle/stopping.ts";

/** A running signaling node. */
export interface SignalingNode {
  readonly id: NodeId;
  readonly port: number;
  /** Lets every session go on at other nodes, then stops. */
  stop(): Promise<void>;
}

/**
 * Starts a node: subscriptions first, then its lease, then the port.
 * @param dialects what it speaks
 * @throws UnusableRedisError, or the port's error
 */
export async function startSignaling(
  config: SignalingConfig,
  createLog: (node: NodeId) => Logger,
  dialects: readonly Dialect[] = registered,
): Promise<SignalingNode> {
  const id = processId(config.NODE_NAME);
  const base = await openBase(config, dialects, id, createLog(id));
  const house = await openHouse(base);
  const entrance = await openEntrance(config, base, house);
  const lease = leaseOf(config, base, house);
  await lease.take();
  await entrance.http.listen({ port: config.PORT, host: config.HOST });
  const { port } = entrance.http.server.address() as { port: number };
  await followOrders(house.channels, { ...base, io: entrance.io });
  const [pid, started] = [String(process.pid), String(base.store.clock.now())];
  await lease.begin({ service: "signaling", port: String(port), pid, host: hostname(), version, started });
  base.clusterCounters.begin();
  entrance.limits.connections.begin();
  base.logger.info({ port }, "listening");
  return { id, port, stop: () => stopNode({ ...base, ...house, ...entrance, lease }, config.SHUTDOWN_MS) };
}

function leaseOf(config: SignalingConfig, base: Base, { host, dialectChannels, reconcile }: House): Lease {
  const { metrics, sessions } = base;
  return new Lease(base, config.LEASE_MS, {
    onLapse: () => {
      metrics.leaseLapses.inc();
      reconcile();
    },
    isHeld: (session) => sessions.holds(session),
    reclaim: (session) => host.reclaim(session),
    onEnded: (count) => {
      metrics.sessionsEnded.inc({ reason: "grace" }, count);
      dialectChannels.changed();
    },
  });
}
