import { LeaseOverError, type Renewal, type Store } from "@switchyard/store";
import { ConnectionLost, type Interleaver } from "./interleaver.ts";
import type { ModelLease } from "./model-lease.ts";

/** Calls that only read what nobody decides by, or that change what nobody reads here. */
const ungated = new Set([
  "assignments.open",
  "queues.figures",
  "queues.position",
  "users.history",
  "users.rememberPartner",
]);

type Method = (...args: unknown[]) => Promise<unknown>;
/** Told of every call that was carried out. */
export type CallObserver = (name: string, args: readonly unknown[], answer: unknown) => void;

/**
 * The store as one process has it: each call of an aggregate waits until the interleaver lets it happen. A call that is refused because
 * the lease is over is, for the process, one that was lost on the way.
 * @param lease the process's, if it is a node
 */
export function gatedStore(
  store: Store,
  process: string,
  interleaver: Interleaver,
  observe: CallObserver,
  lease?: ModelLease,
): Store {
  const gated = Object.entries(store).map(([aggregate, target]: [string, object]) => {
    if (aggregate === "clock") return [aggregate, target];
    const get = (of: object, property: string | symbol) => {
      const name = `${aggregate}.${String(property)}`;
      const method = (Reflect.get(of, property, of) as Method).bind(of);
      if (ungated.has(name)) return (...args: unknown[]) => interleaver.pass(method(...args));
      return (...args: unknown[]) =>
        interleaver.gate({
          process,
          slot: slotOf(name, args),
          name: `${name}(${args.map(brief).join(", ")})`,
          carryOut: async () => {
            const arriving = lease ? args.map((argument) => lease.arriving(argument)) : args;
            const answer = await method(...arriving).catch((error: unknown) => {
              throw error instanceof LeaseOverError ? new ConnectionLost(name) : error;
            });
            observe(name, args, answer);
            return lease && name === "nodes.renew" ? lease.answered(answer as Renewal) : answer;
          },
        });
    };
    return [aggregate, new Proxy(target, { get })];
  });
  return Object.fromEntries(gated);
}

/** Where a call goes: calls of one process to one slot keep their order. */
function slotOf(name: string, args: readonly unknown[]): string {
  const [first, second] = args as [unknown, { queue: string }];
  switch (name) {
    case "nodes.renew":
    case "nodes.expired":
      return "leases";
    case "queues.setTicketConnected":
    case "queues.dequeue":
      return `queues ${second.queue}`;
    case "assignments.take":
      return `reader ${second}`;
    case "assignments.finish":
      return `queues ${(first as { queue: string }).queue}`;
    default:
      return `${name
        .replace(/^outboxes/, "sessions")
        .replace(/^assignments/, "queues")
        .replace(/\..*/, "")} ${first}`;
  }
}

function brief(value: unknown): string {
  if (typeof value === "object" && value !== null && "status" in value) return "…"; // a connection
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
