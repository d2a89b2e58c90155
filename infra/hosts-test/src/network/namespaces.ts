import { existsSync } from "node:fs";
import { mkdir, readdir, rm, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { nameOf, type Run } from "../run.ts";
import { type Place, PREFIX_LENGTH, planAddresses } from "./address-plan.ts";
import { ip, run, runIn, succeeds } from "./command.ts";

const NAMESPACES = "/run/netns";
/** In there are the files that `ip netns exec` lays over those of `/etc`, by namespace. */
const OVERLAYS = "/etc/netns";
const ROUTER = "router";

/** A namespace that is there already, that of a container. */
export type Prepared = ReadonlyMap<string, { readonly pid: number }>;

/**
 * A namespace for each host, and one for the router between them: it stands for all cables and switches, and nothing leads out of it,
 * so that nothing reaches the machine's own network.
 * @param prepared hosts whose namespaces are there already, by name
 * @param names the names that hosts know, and the addresses of each, in order
 */
export async function createNamespaces(
  run: Run,
  prepared: Prepared,
  names: ReadonlyMap<string, readonly string[]>,
): Promise<readonly Place[]> {
  const places = planAddresses();
  const router = routerOf(run);
  await addNamespace(router);
  await runIn(router, "sysctl", ["-qw", "net.ipv4.ip_forward=1", ...withoutPathFilter]);
  const hosts = [...names].flatMap(([name, addresses]) => addresses.map((address) => `${address} ${name}`));
  for (const place of places) {
    const namespace = nameOf(run, place.name);
    const known = prepared.get(place.name);
    await mkdir(join(OVERLAYS, namespace), { recursive: true });
    await writeFile(join(OVERLAYS, namespace, "hosts"), ["127.0.0.1 localhost", ...hosts, ""].join("\n"));
    await addNamespace(namespace, known?.pid);
    await connect(namespace, router, place);
  }
  return places;
}

export function routerOf(run: Run): string {
  return nameOf(run, ROUTER);
}

/** Routes of the two directions may differ. */
const withoutPathFilter = ["net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.default.rp_filter=0"];

async function addNamespace(name: string, pid?: number): Promise<void> {
  if (pid === undefined) await run("ip", ["netns", "add", name]);
  else await run("ip", ["netns", "attach", name, String(pid)]);
  await ip(name, "link set lo up");
}

async function connect(namespace: string, router: string, { address, gateway, port }: Place): Promise<void> {
  await runIn(namespace, "sysctl", ["-qw", ...withoutPathFilter]);
  await run("ip", ["link", "add", "eth0", "netns", namespace, "type", "veth", "peer", "name", port, "netns", router]);
  await ip(router, `addr add ${gateway}/${PREFIX_LENGTH} dev ${port}`, `link set ${port} up`);
  await ip(
    namespace,
    `addr add ${address}/${PREFIX_LENGTH} dev eth0`,
    "link set eth0 up",
    `route add default via ${gateway}`,
  );
}

/** The names of all namespaces of this machine, and of what is laid over files for them. */
export async function namespaceNames(): Promise<string[]> {
  const listed = await Promise.all([NAMESPACES, OVERLAYS].map((path) => readdir(path).catch(() => [])));
  return [...new Set(listed.flat())];
}

/** Ends every process in a namespace, and removes it. */
export async function removeNamespace(name: string): Promise<void> {
  if (existsSync(join(NAMESPACES, name))) {
    for (const pid of await processesIn(name)) signal(pid, "SIGKILL");
    await succeeds("ip", ["netns", "del", name]);
  }
  await rm(join(OVERLAYS, name), { recursive: true, force: true });
  await rmdir(OVERLAYS).catch(() => {}); // where there is anything else in it
}

/** Process ids. */
export async function processesIn(namespace: string): Promise<number[]> {
  const output = await run("ip", ["netns", "pids", namespace]);
  return output.split("\n").filter(Boolean).map(Number);
}

/** A process may be gone by now. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {}
}
