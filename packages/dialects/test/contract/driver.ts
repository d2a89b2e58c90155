import type { Acknowledgement, ClientOptions, Service, TcpProxy, TestClient, TestCluster } from "@switchyard/testkit";

/** An event as it is sent or received: its name and its arguments. */
export type Event = readonly [name: string, ...args: unknown[]];

/** Two clients of a dialect who can reach each other. */
export interface Meeting {
  readonly sides: readonly [TestClient, TestClient];
  /**
   * A signal for the other side.
   * @param body passes through unread
   * @param pretence what it says of its sender, wherever there is a place for that
   */
  signal(from: TestClient, body: unknown, pretence?: object): Event;
  /** The same opening event again. */
  openAgain(client: TestClient): Promise<Acknowledgement>;
  /** What an outsider can send to reach into it: with the ids of the meeting and of those who are in it. */
  readonly intrusions: readonly Event[];
  /** Those of the intrusions that an outsider in a meeting of its own does there: nothing refuses them. */
  readonly ownAffairs: readonly string[];
  /** Right arguments of each event that clients can send here, but the one that opens; none of them ends the meeting. */
  readonly samples: readonly Event[];
}

/** How Ann and Bob meet and talk at the root namespace by ids that all dialects use. */
export interface Scene {
  /** What each of them shows when it connects. */
  auth?(cluster: TestCluster, name: "ann" | "bob"): Promise<object>;
  /** @param id of everything that has one */
  play(ann: TestClient, bob: TestClient, id: string): Promise<void>;
  /** What the two may receive in it, by name: nothing else reaches them. */
  readonly events: readonly string[];
  /** What Bob receives when Ann is gone; `undefined`: nothing. */
  readonly goodbye: string | undefined;
}

/** What the contract has to know of a dialect: how its clients do what they all do. */
export interface Driver {
  readonly dialect: string;
  readonly matchmakers: number;
  connect(cluster: TestCluster, to: number | TcpProxy | Service, options?: ClientOptions): Promise<TestClient>;
  /** Brings two together; both have received everything when it resolves. */
  meet(one: TestClient, two: TestClient): Promise<Meeting>;
  /** The opening event with right arguments; `undefined`: a token opens. */
  readonly opening: ((client: TestClient) => Event) | undefined;
  /** What each side of a meeting receives for the opening event again, by name. */
  readonly replies: readonly [one: readonly string[], two: readonly string[]];
  /** What the other side receives when one leaves for good, by name, in any order. */
  readonly left: readonly string[];
  /** How a fresh connection takes over from an old one of the same user; `undefined`: there a user may be connected several times. */
  readonly takeover: undefined | ((fresh: TestClient, old: TestClient) => Promise<Acknowledgement>);
  readonly scene: Scene;
}
