import { networkOf } from "@switchyard/core";

/** An Engine.IO connection with a note of the network that it comes from, as bans name networks. */
interface NotedConnection {
  network?: string | undefined;
}

/**
 * Notes the network of a connection that has just been opened. Its request is not kept as long, and all sessions on it share one text.
 * @param address as limits count it
 */
export function noteNetwork(connection: object, address: string): void {
  (connection as NotedConnection).network = networkOf(address);
}

/** The network of a connection's address; `undefined` for a connection that came past the handshakes. */
export function networkOfConnection(connection: object): string | undefined {
  return (connection as NotedConnection).network;
}
