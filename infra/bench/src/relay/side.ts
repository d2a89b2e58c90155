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

/** An ICE candidate as browsers write them; `usernameFragment` carries what the benchmark checks. About 200 bytes of JSON. */
export interface Candidate {
  readonly candidate: string;
  readonly sdpMid: string;
  readonly sdpMLineIndex: number;
  readonly usernameFragment: string;
}

const line =
  "candidate:842163049 1 udp 1677729535 203.0.113.77 54321 typ srflx raddr 192.0.2.14 rport 54321 generation 0 network-cost 10";

export function candidateOf(usernameFragment: string): Candidate {
  return { candidate: line, sdpMid: "0", sdpMLineIndex: 0, usernameFragment };
}

/** Whether what arrived is what `candidateOf(usernameFragment)` made. */
export function isCandidate(arrived: Candidate, usernameFragment: string): boolean {
  return (
    arrived.usernameFragment === usernameFragment &&
    arrived.candidate === line &&
    arrived.sdpMid === "0" &&
    arrived.sdpMLineIndex === 0
  );
}
