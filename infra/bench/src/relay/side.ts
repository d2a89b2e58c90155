import type { Candidate } from "./candidate.ts";

/** One client of a pair, connected to one node. Candidates that arrive before there is a listener are not kept. */
export interface Side {
  send(candidate: Candidate): void;
  onCandidate(listener: (candidate: Candidate) => void): void;
  /** Told of whatever a client must not see in a benchmark: an error event, a lost connection. */
  onFault(listener: (fault: string) => void): void;
  close(): void;
}

/** How the clients of one system connect. */
export interface Clients {
  /** Two clients that are each other's peers: the first connected to the first URL, the second to the second. */
  pair(firstUrl: string, secondUrl: string): Promise<readonly [Side, Side]>;
  /** A connection that does nothing but exist. */
  idle(url: string): Promise<{ close(): void }>;
}
