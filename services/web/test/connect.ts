import { io, type Socket } from "socket.io-client";
import { expect } from "vitest";
import type { Link } from "../src/shared/connection/link.ts";
import { eventually } from "./eventually.ts";
import type { ScriptedServer } from "./scripted-server.ts";

/** A socket that is not connected yet and comes back soon when its connection breaks. */
export function socketTo({ url }: ScriptedServer, dialect: string): Socket {
  return io(`${url}/${dialect}`, {
    autoConnect: false,
    transports: ["websocket"],
    reconnectionDelay: 50,
    forceNew: true,
  });
}

/** Breaks the connection and waits until the page is connected again. */
export async function reconnect(server: ScriptedServer, link: () => Link): Promise<Link> {
  const { reconnects } = link();
  server.cut();
  await eventually(() => expect(link().reconnects).toBe(reconnects + 1));
  return link();
}
