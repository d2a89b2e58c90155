import type { Socket } from "socket.io";
import { textFrame } from "./text-frame.ts";

type Engine = Socket["conn"];

/** Engine.IO's type of a message packet, the first character of its text. */
const MESSAGE = "4";
/** The most that is added to an event on its way out: types, namespace, number. */
const MAX_ADDED = 64;

/** The way out to one client: already encoded packets go straight to the engine, within a bound on what waits to be sent. */
export class Connection {
  readonly #engine: Engine;
  readonly #prefix: string;
  readonly #limits: ConnectionLimits;
  #maxWaiting: number;
  #waiting = 0;
  #overflown = false;

  /** @param namespace of the Socket.IO socket that rides on this engine */
  constructor(engine: Engine, namespace: string, limits: ConnectionLimits) {
    this.#engine = engine;
    this.#prefix = namespace === "/" ? "2" : `2${namespace},`;
    this.#limits = limits;
    this.#maxWaiting = limits.maxWaiting;
    // acknowledgements, which don't pass here, count too; "drain" comes while the packet is handed on, if it can be
    engine.on("packetCreate", ({ data }: { data?: string }) => this.#count(data?.length ?? 0));
    engine.on("drain", () => {
      this.#waiting = 0;
    });
  }

  /** Sends an event (JSON array text) with the offset to recover from as last argument, where clients look for it. */
  sendPlaced(packet: string, offset: string): void {
    this.#write(`${this.#prefix}${packet.slice(0, -1)},"${offset}"]`);
  }

  /** Sends an event that is not kept. */
  send(packet: string): void {
    this.#write(this.#prefix + packet);
  }

  /** Lets that much more wait: what a recovered client has missed may be more than the bound, and has to reach it whole. */
  expect(missed: readonly { readonly packet: string }[]): void {
    for (const { packet } of missed) this.#maxWaiting += packet.length + MAX_ADDED;
  }

  /** Closes the transport, as a network failure would: the client comes back by itself. */
  close(): void {
    this.#engine.close(true);
  }

  #write(text: string): void {
    if (this.#engine.transport.name === "websocket") {
      // the engine sends such a frame as it is; where it can't, it falls back to the text
      this.#engine.write(text, { wsPreEncodedFrame: [textFrame(MESSAGE + text)] } as object);
    } else {
      this.#engine.write(text);
    }
  }

  #count(length: number): void {
    this.#waiting += length;
    if (this.#waiting <= this.#maxWaiting || this.#overflown) return;
    this.#overflown = true;
    this.#limits.onOverflow();
    this.close();
  }
}

export interface ConnectionLimits {
  /** UTF-16 units that may wait to be sent; past it the connection is closed, and the client can recover. */
  readonly maxWaiting: number;
  readonly onOverflow: () => void;
}
