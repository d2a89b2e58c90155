import type { Server } from "socket.io";

type Engine = Server["engine"];
/** A connection of Engine.IO, as far as it is needed here; `readyState` and `transport` are those of its class. */
interface EngineConnection {
  readonly readyState: string;
  readonly transport: Transport;
  once(event: "close", handler: () => void): unknown;
  on(event: "upgrading", handler: (probe: Transport) => void): unknown;
  close(discard: boolean): void;
}
interface Transport {
  /** Of one that polls: whether a poll waits for an answer. */
  readonly writable: boolean;
  once(event: "close" | "ready", handler: () => void): unknown;
  off(event: "ready", handler: () => void): unknown;
}

/** A client that goes on polling asks again as soon as a poll is answered: it takes a round trip, and a client that is busy some more. */
const NEXT_POLL_MS = 3000;

/**
 * Closes connections whose client was lost in the moment of its upgrade from polling to WebSocket. It has no poll open then, whose end
 * would show it: polls are answered at once while the WebSocket is probed, and the client waits with the next until it knows. If the
 * WebSocket closes before the upgrade, the client goes on polling, at once, or is gone. Engine.IO by itself notices with
 * the next ping that is not answered. A client that is only slow comes back as after any drop.
 */
export function closeLostUpgrades(engine: Engine, nextPollMs = NEXT_POLL_MS): void {
  engine.on("connection", (connection: EngineConnection) => {
    connection.on("upgrading", (probe) => {
      probe.once("close", () => expectPoll(connection, probe, nextPollMs));
    });
  });
}

function expectPoll(connection: EngineConnection, probe: Transport, withinMs: number): void {
  const { transport } = connection;
  if (transport === probe || connection.readyState !== "open" || transport.writable) return;
  const polled = () => clearTimeout(timer);
  const timer = setTimeout(() => {
    transport.off("ready", polled);
    if (connection.transport === transport) connection.close(true);
  }, withinMs);
  transport.once("ready", polled);
  connection.once("close", polled);
}
