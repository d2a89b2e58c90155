import type { Socket } from "socket.io";
import { textFrame } from "./text-frame.ts";

type Engine = Socket["conn"];

/** Engine.IO's type of a message packet, the first character of its text. */
const MESSAGE = "4";

/** The way out to one client: already encoded packets go straight to the engine, within a bound on what waits to be sent. */
export class Connection {
  readonly #engine: Engine;
  readonly #prefix: string;
  readonly #limits: ConnectionLimits;
  #waiting = 0;

  /** @param namespace of the Socket.IO socket that rides on this engine */
  constructor(engine: Engine, namespace: string, limits: ConnectionLimits) {
    this.#engine = engine;
    this.#prefix = namespace === "/" ? "2" : `2${namespace},`;
    this.#limits = limits;
    engine.on("drain", () => {
      this.#waiting = 0;
    });
  }

  /** Sends an event (JSON array text) with its number as last argument, where clients look for the offset to recover from. */
  sendNumbered(packet: string, number: number): void {
    this.#write(`${this.#prefix}${packet.slice(0, -1)},"${number}"]`);
  }

  /** Sends an event that is not kept. */
  send(packet: string): void {
    this.#write(this.#prefix + packet);
  }

  /** Closes the transport, as a network failure would: the client comes back by itself. */
  close(): void {
    this.#engine.close(true);
  }

  #write(text: string): void {
    this.#waiting += text.length; // before the write: "drain" resets the count while it runs
    if (this.#engine.transport.name === "websocket") {
      // the engine sends such a frame as it is; where it can't, it falls back to the text
      this.#engine.write(text, { wsPreEncodedFrame: [textFrame(MESSAGE + text)] } as object);
    } else {
      this.#engine.write(text);
    }
    if (this.#waiting <= this.#limits.maxWaiting) return;
    this.#limits.onOverflow();
    this.close();
  }
}

export interface ConnectionLimits {
  /** UTF-16 units that may wait to be sent; past it the connection is closed, and the client can recover. */
  readonly maxWaiting: number;
  readonly onOverflow: () => void;
}
