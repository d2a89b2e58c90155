import type { Socket } from "socket.io";

type Engine = Socket["conn"];

/** The way out to one client: already encoded packets go straight to the engine, within a bound on what waits to be sent. */
export class Connection {
  readonly #engine: Engine;
  readonly #prefix: string;
  readonly #maxWaiting: number;
  #waiting = 0;

  /**
   * @param namespace of the Socket.IO socket that rides on this engine
   * @param maxWaiting bytes (UTF-16 units) that may wait to be sent; past it the connection is closed and the client can recover
   */
  constructor(engine: Engine, namespace: string, maxWaiting: number) {
    this.#engine = engine;
    this.#prefix = namespace === "/" ? "2" : `2${namespace},`;
    this.#maxWaiting = maxWaiting;
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
    this.#waiting += text.length;
    // before the write: "drain" resets the count while it runs
    this.#engine.write(text);
    if (this.#waiting > this.#maxWaiting) this.close();
  }
}
