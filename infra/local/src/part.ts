/** Ends a program when the launcher is gone without having stopped it. */
export interface Guard {
  /** The program has ended by itself: there is nothing left to do. */
  disarm(): void;
}

/** The name that a running program gives itself, and the address at which it can be reached. */
export interface Found {
  readonly id: string;
  readonly url: string;
}

/** A program that the launcher keeps running. */
export interface Part {
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
  readonly environment: NodeJS.ProcessEnv;
  /**
   * Asks the running program for its id; `undefined` or a rejection mean that it isn't ready yet.
   * @param told the message that it has sent over its IPC channel (`notifyParent`), if any
   */
  readonly probe: (told: unknown) => Promise<Found | undefined>;
  /**
   * For a program that can't watch its parent. Those without get an IPC channel, and end when it closes
   * (`stopWithParent`).
   */
  readonly guard?: (pid: number) => Guard;
  /** Whether its output is of interest only when it has died. */
  readonly quiet?: boolean;
}
