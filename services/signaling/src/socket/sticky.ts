import type { IncomingMessage } from "node:http";
import type { Server } from "socket.io";

/** The response header of a handshake by which a front door learns which node has which Engine.IO session. */
const SID_HEADER = "x-engine-sid";

/** Puts the id of every new Engine.IO session into its handshake's response, for front doors that keep it on this node. */
export function announceSid(engine: Server["engine"]): void {
  const ids = new WeakMap<IncomingMessage, string>();
  const generate = engine.generateId.bind(engine);
  engine.generateId = async (request: IncomingMessage) => {
    const id = await generate(request);
    ids.set(request, id);
    return id;
  };
  engine.on("initial_headers", (headers: Record<string, string>, request: IncomingMessage) => {
    const id = ids.get(request);
    if (id !== undefined) headers[SID_HEADER] = id;
  });
}
