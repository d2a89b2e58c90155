import type { Acknowledgement, ClientOptions, Service, TcpProxy, TestClient, TestCluster } from "@switchyard/testkit";

/** An event as it is sent or heard: its name and its payload. */
export type Event = readonly [name: string, payload?: unknown];

/** Two clients of a dialect who can reach each other. */
export interface Meeting {
  readonly sides: readonly [TestClient, TestClient];
  /** A candidate with that number, for the other side. */
  signal(from: TestClient, number: number): Event;
  /** The same opening event again. */
  openAgain(client: TestClient): Promise<Acknowledgement>;
  /** What an outsider can send to reach into it: with the ids of the meeting and of those who are in it. */
  readonly intrusions: readonly Event[];
  /** A right payload of each event that clients can send here, but the one that opens; none of them ends the meeting. */
  readonly samples: readonly Event[];
}

/** What the contract has to know of a dialect: how its clients do what they all do. */
export interface Driver {
  readonly dialect: "match" | "random" | "calls" | "rooms" | "chat";
  readonly matchmakers: number;
  connect(cluster: TestCluster, to: number | TcpProxy | Service, options?: ClientOptions): Promise<TestClient>;
  /** Brings two together; both have heard everything when it resolves. */
  meet(one: TestClient, two: TestClient): Promise<Meeting>;
  /** The opening event with a right payload; `undefined`: a token opens. */
  readonly opening: ((client: TestClient) => Event) | undefined;
  /** What the sender hears of the opening event again, by name. */
  readonly reply: readonly string[];
  /** What the other side hears when one leaves for good, by name, in any order. */
  readonly left: readonly string[];
  /** How a fresh connection takes over from an old one of the same user; `undefined`: there a user may be connected several times. */
  readonly takeover: undefined | ((fresh: TestClient, old: TestClient) => Promise<Acknowledgement>);
}
