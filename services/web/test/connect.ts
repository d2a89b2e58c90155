import { expect } from "vitest";
import type { Link } from "../src/shared/connection/link.ts";
import { eventually } from "./eventually.ts";
import type { ScriptedServer } from "./scripted-server.ts";

/** Breaks the connection and waits until the page is connected again. */
export async function reconnect(server: ScriptedServer, link: () => Link): Promise<Link> {
  const { reconnects } = link();
  server.cut();
  await eventually(() => expect(link().reconnects).toBe(reconnects + 1));
  return link();
}
