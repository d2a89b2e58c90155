import type { Socket } from "socket.io-client";

/**
 * Closes a client's transport as it is between two turns of the event loop, and not in an upgrade: what its last poll brought would be
 * delivered when the client is back, and once more with what it missed. That comes of closing it from within; no network does that.
 */
export function cutTransport(engine: Socket["io"]["engine"]): void {
  const later = () => void setImmediate(() => cutTransport(engine));
  const { upgrading } = engine as unknown as { readonly upgrading: boolean };
  if (upgrading) for (const end of ["upgrade", "upgradeError"] as const) engine.once(end, later);
  else if (engine.writeBuffer.length > 0) engine.once("drain", later);
  else engine.close();
}
