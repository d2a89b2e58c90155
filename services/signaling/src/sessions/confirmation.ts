/**
 * Up to which of its events the client of a session has surely received them: it answers a ping after everything that was written
 * before that ping, over a WebSocket and by polling alike. It asks for none of these again.
 */
export class Confirmation {
  /** The last event before the ping that is not answered yet. */
  #pinged: number | undefined;
  /** Up to that event they are no longer needed, by its own account. */
  #removed = 0;

  /** A ping goes out, behind that event. */
  ping(lastNumber: number): void {
    this.#pinged = lastNumber;
  }

  /**
   * The ping is answered.
   * @param keep how many confirmed events are kept
   * @returns up to which event they need no longer be kept; `undefined` while these are fewer than `keep`, so that it costs one command
   * for so many events
   */
  pong(keep: number): number | undefined {
    const confirmed = this.#pinged;
    this.#pinged = undefined;
    if (confirmed === undefined || confirmed - this.#removed < 2 * keep) return undefined;
    this.#removed = confirmed - keep;
    return this.#removed;
  }
}
