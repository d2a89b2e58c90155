import type { Door, Environment, ServiceProcess, TestCluster } from "@switchyard/testkit";

/** A place in the cluster: the door that clients come by, and the node that it leads to at present. */
export interface Place {
  readonly door: Door;
  node: ServiceProcess;
}

/** @param environment what the node has beyond what all processes of the cluster have */
export async function openPlace(cluster: TestCluster<ServiceProcess>, environment: Environment = {}): Promise<Place> {
  const node = await cluster.start("signaling", environment);
  return { door: await cluster.door(node), node };
}

/**
 * Puts a new node into a place, as an upgrade or a changed setting does: it is started, gets the new connections, and then the old one
 * is asked to stop, which closes its connections in steps.
 * @throws Error if the old one does not end well
 */
export async function renew(
  cluster: TestCluster<ServiceProcess>,
  place: Place,
  environment: Environment = {},
): Promise<void> {
  const { door, node: old } = place;
  place.node = await cluster.start("signaling", environment);
  door.leadTo(place.node.port);
  old.signal("SIGTERM");
  const { code, stderr } = await old.ended;
  if (code !== 0 || old.errors().length > 0) throw new Error(`a node ended with ${code}: ${stderr}${old.errors()}`);
}
