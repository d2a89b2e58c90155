import { Agent } from "node:http";

/** Where a signaling node listens. */
export interface NodeAddress {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

const MAX_IDLE_CONNECTIONS = 64;

/** One signaling node as the reverse proxy sees it. */
export class Backend {
  readonly address: NodeAddress;
  /** Whether it takes new clients; those it has it keeps either way. */
  ready = false;
  /** How many clients it holds: known sids, and open connections without one. */
  load = 0;
  /** Which of all turns was its last. */
  turn = 0;
  readonly agent = new Agent({ keepAlive: true, maxFreeSockets: MAX_IDLE_CONNECTIONS });

  constructor(address: NodeAddress) {
    this.address = address;
  }

  get url(): string {
    return `http://${this.address.host}:${this.address.port}`;
  }

  /** Counts one more client until the returned function is called, once or more often. */
  hold(): () => void {
    let held = true;
    this.load += 1;
    return () => {
      if (held) this.load -= 1;
      held = false;
    };
  }
}

/**
 * Picks a node for a new client: the least loaded one that is ready, in turn where several are.
 * @param tried nodes that just refused
 */
export function pick(backends: readonly Backend[], tried: ReadonlySet<Backend>): Backend | undefined {
  const open = backends.filter((backend) => backend.ready && !tried.has(backend));
  const [chosen] = open.toSorted((a, b) => a.load - b.load || a.turn - b.turn);
  if (chosen !== undefined) chosen.turn = Math.max(...backends.map(({ turn }) => turn)) + 1;
  return chosen;
}
