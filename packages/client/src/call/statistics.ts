import { type Store, WritableStore } from "../store.ts";

/** The quality of a call, measured over the last interval; null: not known yet. */
export interface CallStatistics {
  /** Between the two sides, in ms. */
  readonly roundTripMs: number | null;
  /** The share of packets that did not arrive here, 0 to 1. */
  readonly lossIn: number | null;
  /** Bits a second, of media and what goes with it. */
  readonly bitrateIn: number | null;
  readonly bitrateOut: number | null;
  /** Whether a TURN server relays the media. */
  readonly relayed: boolean | null;
}

const noStatistics: CallStatistics = {
  roundTripMs: null,
  lossIn: null,
  bitrateIn: null,
  bitrateOut: null,
  relayed: null,
};

/** Counted from the beginning of a connection on. */
interface Counts {
  /** In ms. */
  readonly at: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly packetsIn: number;
  readonly packetsLost: number;
}

type Entry = Readonly<Record<string, unknown>> & { readonly type: string };
type Report = Pick<ReadonlyMap<string, Entry>, "get" | "forEach">;

/** The counts of a report of `getStats`, and what it says of the present. */
function readReport(report: Report, at: number): Counts & Pick<CallStatistics, "roundTripMs" | "relayed"> {
  const entries: Entry[] = [];
  report.forEach((entry) => void entries.push(entry));
  const sum = (type: string, field: string) =>
    entries.reduce((total, entry) => total + (entry.type === type ? Number(entry[field] ?? 0) : 0), 0);
  const pairs = entries.filter(
    ({ type, nominated, state }) => type === "candidate-pair" && nominated && state === "succeeded",
  );
  const selected = entries.find(({ type }) => type === "transport")?.["selectedCandidatePairId"];
  const pair = pairs.find(({ id }) => id === selected) ?? pairs[0];
  const seconds = pair?.["currentRoundTripTime"];
  const ends = ["localCandidateId", "remoteCandidateId"].map((end) => report.get(String(pair?.[end])));
  return {
    at,
    bytesIn: Number(pair?.["bytesReceived"] ?? 0),
    bytesOut: Number(pair?.["bytesSent"] ?? 0),
    packetsIn: sum("inbound-rtp", "packetsReceived"),
    packetsLost: sum("inbound-rtp", "packetsLost"),
    roundTripMs: typeof seconds === "number" ? seconds * 1000 : null,
    relayed: pair ? ends.some((end) => end?.["candidateType"] === "relay") : null,
  };
}

/** The difference of two reports. Counts that went back are those of another pair of candidates. */
function between(former: Counts | null, now: Counts): Pick<CallStatistics, "lossIn" | "bitrateIn" | "bitrateOut"> {
  if (!former || now.at <= former.at) return { lossIn: null, bitrateIn: null, bitrateOut: null };
  const bits = (field: "bytesIn" | "bytesOut") =>
    (8000 * Math.max(0, now[field] - former[field])) / (now.at - former.at);
  const lost = Math.max(0, now.packetsLost - former.packetsLost);
  const packets = Math.max(0, now.packetsIn - former.packetsIn) + lost;
  return { lossIn: packets === 0 ? null : lost / packets, bitrateIn: bits("bytesIn"), bitrateOut: bits("bytesOut") };
}

const INTERVAL_MS = 2000;

/** Measures while anybody follows it, and not otherwise. */
export class StatisticsStore implements Store<CallStatistics> {
  readonly #store = new WritableStore(noStatistics);
  readonly #read: () => Promise<Report | null>;
  #former: Counts | null = null;
  #followers = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** @param read null while there is nothing to measure */
  constructor(read: () => Promise<Report | null>) {
    this.#read = read;
  }

  readonly get = (): CallStatistics => this.#store.get();

  readonly subscribe = (listener: () => void): (() => void) => {
    const end = this.#store.subscribe(listener);
    let isFollowed = true;
    this.#followers += 1;
    if (this.#followers === 1) {
      void this.measure();
      this.#timer = setInterval(() => void this.measure(), INTERVAL_MS);
    }
    return () => {
      end();
      if (!isFollowed) return;
      isFollowed = false;
      this.#followers -= 1;
      if (this.#followers === 0) clearInterval(this.#timer);
    };
  };

  async measure(): Promise<void> {
    const report = await this.#read().catch(() => null);
    if (!report) return;
    const counts = readReport(report, performance.now());
    this.#store.set({ ...between(this.#former, counts), roundTripMs: counts.roundTripMs, relayed: counts.relayed });
    this.#former = counts;
  }
}
