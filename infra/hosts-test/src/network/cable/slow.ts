import { firstMessage, startNodeIn } from "../../hosts/process.ts";
import { directoryOf, nameOf, type Run } from "../../run.ts";
import { type Place, PREFIX_LENGTH, RANGE } from "../address-plan.ts";
import { ip, run, succeeds } from "../command.ts";
import { routerOf } from "../namespaces.ts";

export interface Slowness {
  /** For each packet, in each direction. */
  readonly delayMs: number;
  /** The share of packets that is lost, from 0 to 1. */
  readonly loss: number;
}

export interface SlowCables {
  /** By which means. */
  readonly means: string;
  remove(): Promise<void>;
}

const FIRST_PORT = 5000;
/** Leaves room for the tunnel's own headers. */
const MTU = 1400;
const relay = "infra/hosts-test/src/network/cable/main.ts";

/** Delays and loses packets that hosts send: with netem where the kernel has it, else in a process of its own. */
export async function laySlowCables(of: Run, places: readonly Place[], slowness: Slowness): Promise<SlowCables> {
  const netem = `qdisc add dev eth0 root netem delay ${slowness.delayMs}ms loss ${slowness.loss * 100}%`.split(" ");
  const namespaces = places.map(({ name }) => nameOf(of, name));
  const [first = "", ...others] = namespaces;
  if (!(await succeeds("tc", ["-n", first, ...netem]))) return layTunnels(of, places, slowness);
  for (const namespace of others) await run("tc", ["-n", namespace, ...netem]);
  const remove = async () => {
    for (const namespace of namespaces) await run("tc", ["-n", namespace, "qdisc", "del", "dev", "eth0", "root"]);
  };
  return { means: "netem", remove };
}

/** The way out of each host is a tunnel to the router, which a process there carries; the way back is the cable that was there. */
async function layTunnels(of: Run, places: readonly Place[], { delayMs, loss }: Slowness): Promise<SlowCables> {
  const router = routerOf(of);
  const ports = places.map(portOf);
  const child = startNodeIn({ namespace: router, name: "slow-cables", directory: directoryOf(of) }, relay, [
    String(delayMs),
    String(loss),
    ...ports.map(String),
  ]);
  await firstMessage(child, "the slow cables");
  for (const place of places) await layTunnel(nameOf(of, place.name), router, place);
  const remove = async () => {
    for (const { name } of places) await ip(nameOf(of, name), `route del ${RANGE}`);
    child.kill("SIGTERM");
  };
  return { means: "a process, since the kernel has no netem", remove };
}

function portOf({ slow }: Place): number {
  return FIRST_PORT + slow.id;
}

/** Both ends of a tunnel; the host's packets for others go in there from now on. */
async function layTunnel(namespace: string, router: string, place: Place): Promise<void> {
  const { gateway, address, slow } = place;
  const far = `slow${slow.id}`;
  await ip(router, `link add ${far} type vxlan id ${slow.id} dstport 4789 nolearning`);
  await ip(router, `addr add ${slow.gateway}/${PREFIX_LENGTH} dev ${far}`, `link set ${far} up mtu ${MTU}`);
  await ip(
    namespace,
    `link add slow0 type vxlan id ${slow.id} remote ${gateway} dstport ${portOf(place)} nolearning`,
    `addr add ${slow.address}/${PREFIX_LENGTH} dev slow0`,
    `link set slow0 up mtu ${MTU} gso_max_segs 1`,
    `neigh add ${slow.gateway} lladdr ${await linkAddress(router, far)} dev slow0 nud permanent`,
    `route add ${RANGE} via ${slow.gateway} dev slow0 src ${address}`,
  );
}

async function linkAddress(namespace: string, device: string): Promise<string> {
  const output = await run("ip", ["-n", namespace, "-br", "link", "show", device]);
  const address = /(?:[0-9a-f]{2}:){5}[0-9a-f]{2}/.exec(output)?.[0];
  if (address === undefined) throw new Error(`${device} has no address: ${output}`);
  return address;
}
