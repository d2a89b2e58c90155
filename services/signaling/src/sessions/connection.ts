import type { Socket } from "socket.io";

type Engine = Socket["conn"];

/** Engine.IO's type of a message packet, the first character of its text. */
const MESSAGE = "4";
/** The most that is added to an event on its way out: types, namespace, number. */
const MAX_ADDED = 64;

/** The way out to one client: already encoded packets go straight to the engine, within a bound on what waits to be sent. */
export class Connection {
  readonly #engine: Engine;
  readonly #prefix: string;
  readonly #options: ConnectionOptions;
  #maxWaiting: number;
  #waiting = 0;
  #overflown = false;
  #defers = false;
  /** Packets that may wait a little, in the order in which they are to be sent. */
  #deferred: string[] | undefined;
  #onDrained: (() => void)[] | undefined;
  #hasLeft = false;

  /** @param namespace of the Socket.IO socket that rides on this engine */
  constructor(engine: Engine, namespace: string, options: ConnectionOptions) {
    this.#engine = engine;
    this.#prefix = namespace === "/" ? "2" : `2${namespace},`;
    this.#options = options;
    this.#maxWaiting = options.maxWaiting;
    // acknowledgements, which don't pass here, count too; "drain" comes while the packet is handed on, if it can be
    engine.on("packetCreate", this.#onPacket);
    engine.on("heartbeat", options.onPong);
    engine.on("drain", this.#onDrain);
    engine.on("close", this.#notifyDrained);
  }

  /** Its session has left, but other sessions, and later ones, may be on the same transport: nothing of this one stays there. */
  leave(): void {
    if (this.#hasLeft) return;
    this.flush();
    this.#hasLeft = true;
    this.#engine.off("packetCreate", this.#onPacket);
    this.#engine.off("heartbeat", this.#options.onPong);
    this.#engine.off("drain", this.#onDrain);
    this.#engine.off("close", this.#notifyDrained);
    this.#notifyDrained();
  }

  /** Sends an event (JSON array text) with the offset to recover from as last argument, where clients look for it that can recover. */
  sendWithOffset(packet: string, offset: string): void {
    if (this.#options.hasOffsets) this.#write(`${this.#prefix}${packet.slice(0, -1)},"${offset}"]`);
    else this.send(packet);
  }

  /** Sends an event that is not kept. */
  send(packet: string): void {
    this.#write(this.#prefix + packet);
  }

  /** The packets that `send` sends may wait until `flush`. They keep their place: any later packet, acknowledgements too, takes them along. */
  defer(send: () => void): void {
    this.#defers = true;
    try {
      send();
    } finally {
      this.#defers = false;
    }
  }

  /** Sends what was deferred. */
  flush(): void {
    const texts = this.#deferred;
    if (!texts) return;
    this.#deferred = undefined;
    if (texts.length > 1 && this.#engine.transport.name === "websocket") this.#writeTogether(texts);
    else for (const text of texts) this.#writeToEngine(text);
  }

  /** Lets that much more wait: what a recovered client has missed may be more than the bound, and has to reach it whole. */
  allowFor(missed: readonly { readonly packet: string }[]): void {
    for (const { packet } of missed) this.#maxWaiting += packet.length + MAX_ADDED;
  }

  /** Resolves when nothing is left to be sent, or nothing will be sent. */
  async drained(): Promise<void> {
    if (this.#waiting === 0 || this.#hasLeft || this.#engine.readyState !== "open") return;
    await new Promise<void>((done) => {
      this.#onDrained ??= [];
      this.#onDrained.push(done);
    });
  }

  /**
   * Sends a last event, and closes the transport once all is sent; a stock client comes back by itself.
   * @returns whether it was open
   */
  finish(packet: string): boolean {
    if (this.#hasLeft || this.#engine.readyState !== "open") return false;
    this.send(packet);
    this.flush();
    this.#engine.close();
    return true;
  }

  /** Closes the transport, as a network failure would: the client comes back by itself. */
  close(): void {
    if (!this.#hasLeft) this.#engine.close(true);
  }

  #write(text: string): void {
    if (this.#hasLeft) return; // the namespace may be another session's by now
    if (!this.#defers) return this.#writeToEngine(text);
    this.#deferred ??= [];
    this.#deferred.push(text);
  }

  #writeToEngine(text: string): void {
    if (this.#engine.transport.name === "websocket") {
      // the engine sends such a frame as it is; where it can't, it falls back to the text
      this.#engine.write(text, { wsPreEncodedFrame: [textFrame(MESSAGE + text)] } as object);
    } else {
      this.#engine.write(text);
    }
  }

  /** In one write, which is most of what it costs. The engine sends the frames as they are; the text is for its length. */
  #writeTogether(texts: readonly string[]): void {
    const frames = Buffer.concat(texts.map((text) => textFrame(MESSAGE + text)));
    this.#engine.write(texts.join(""), { wsPreEncodedFrame: [frames] } as object);
  }

  readonly #onPacket = ({ type, data }: { type: string; data?: string }): void => {
    if (this.#deferred) this.flush(); // before this one
    if (type === "ping") this.#options.onPing();
    this.#count(data?.length ?? 0);
  };

  readonly #onDrain = (): void => {
    this.#waiting = 0;
    this.#notifyDrained();
  };

  readonly #notifyDrained = (): void => {
    for (const done of this.#onDrained ?? []) done();
    this.#onDrained = undefined;
  };

  #count(length: number): void {
    this.#waiting += length;
    if (this.#waiting <= this.#maxWaiting || this.#overflown) return;
    this.#overflown = true;
    this.#options.onOverflow();
    this.close();
  }
}

interface ConnectionOptions {
  /** UTF-16 units that may wait to be sent; past it the connection is closed, and the client can recover. */
  readonly maxWaiting: number;
  readonly onOverflow: () => void;
  /** The client is asked whether it is there, after everything that was sent; and it has answered. */
  readonly onPing: () => void;
  readonly onPong: () => void;
  /** Whether its client can recover, and is sent offsets. */
  readonly hasOffsets: boolean;
}

/** FIN and the opcode of a text message. */
const FINAL_TEXT = 0x81;

/**
 * A whole WebSocket message as a server sends it: one unmasked text frame, in one buffer, so that it is one write.
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-5.2
 */
function textFrame(text: string): Buffer {
  const size = Buffer.byteLength(text);
  const start = size < 126 ? 2 : size < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(start + size);
  frame[0] = FINAL_TEXT;
  if (start === 2) frame[1] = size;
  else if (start === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(size, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(size), 2);
  }
  frame.write(text, start);
  return frame;
}
