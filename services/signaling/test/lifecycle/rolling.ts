import type { Environment, Service, TcpProxy, TestCluster } from "@switchyard/testkit";

/** A place in the cluster: the door that clients come by, and the node that it leads to at present. */
export interface ServedAddress<Kind extends Service = Service> {
  readonly proxy: TcpProxy;
  node: Kind;
}

/** @param environment what the node has beyond what all nodes of the cluster have */
export async function openAddress<Kind extends Service>(
  cluster: TestCluster<Kind>,
  environment: Environment = {},
): Promise<ServedAddress<Kind>> {
  const node = await cluster.start("signaling", environment);
  return { proxy: await cluster.proxy(node), node };
}

/**
 * Puts a new node into a place, as an upgrade or a changed setting does: it is started, gets the new connections, and then the old one
 * is asked to stop, which closes its connections in steps.
 * @param stop resolves when the old one has ended
 * @throws Error if the old one logged an error
 */
export async function renew<Kind extends Service>(
  cluster: TestCluster<Kind>,
  address: ServedAddress<Kind>,
  environment: Environment,
  stop: (old: Kind) => Promise<void>,
): Promise<void> {
  const { proxy, node: old } = address;
  address.node = await cluster.start("signaling", environment);
  proxy.routeTo(address.node.port);
  await stop(old);
  if (old.errors().length > 0) throw new Error(`a node did not end well: ${old.errors()}`);
}
