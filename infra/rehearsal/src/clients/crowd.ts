import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { LoadReport } from "@switchyard/load";
import type { Verdict } from "@switchyard/testkit";
import type { PodNetwork } from "../network/pod-network.ts";
import type { LoadMessage, LoadOrder } from "./main.ts";

const program = fileURLToPath(new URL("main.ts", import.meta.url));
const ADDRESSES = 6;

/** The promises to clients, as far as they differ from one rehearsal to the next. */
export interface Bounds {
  /** How long anybody is away at most, from when the loss of a connection is noticed. */
  readonly awayMs: number;
  /** Whether an nginx ends: only it knows the sessions of polling clients that began there, which connect again. */
  readonly endsFront: boolean;
}

/** Clients in a network of their own that send each other numbered messages until they are ended. */
export class LoadCrowd {
  readonly #child: ChildProcess;
  readonly #ended: Promise<readonly LoadReport[]>;

  private constructor(child: ChildProcess, ended: Promise<readonly LoadReport[]>) {
    this.#child = child;
    this.#ended = ended;
  }

  /** Resolves when all of them had the time to come. */
  static async begin(network: PodNetwork, url: string, clients: number): Promise<LoadCrowd> {
    const { namespace, address, others } = await network.attach(ADDRESSES - 1);
    const order: LoadOrder = { url, clients, sources: [address, ...others] };
    const command = [process.execPath, "--conditions=source", program, JSON.stringify(order)];
    const child = spawn("nsenter", [`--net=/run/netns/${namespace}`, ...command], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    const received = Promise.withResolvers<readonly LoadReport[]>();
    const begun = Promise.withResolvers<void>();
    child.on("message", (message: LoadMessage) => {
      if ("begun" in message) begun.resolve();
      else received.resolve(message.reports);
    });
    void once(child, "exit").then(([code]) => {
      const error = new Error(`the clients ended by themselves (${code ?? "killed"})`);
      received.reject(error);
      begun.reject(error);
    });
    received.promise.catch(() => {}); // awaited when they are ended
    await begun.promise;
    return new LoadCrowd(child, received.promise);
  }

  /** Ends them. @returns what came of each kind of them */
  end(): Promise<readonly LoadReport[]> {
    this.#child.send("end");
    return this.#ended;
  }
}

/** The judgement of all reports of a crowd together. */
export function judgeReports(reports: readonly LoadReport[], { awayMs, endsFront }: Bounds): Verdict[] {
  const sum = (of: (report: LoadReport) => number) => reports.reduce((total, report) => total + of(report), 0);
  const counted = (name: keyof LoadReport["counts"]) => sum(({ counts }) => counts[name]);
  const violated = reports.flatMap(({ violations }) => Object.entries(violations).filter(([, count]) => count > 0));
  const first = reports.flatMap(({ described }) => described.map(({ finding }) => finding)).slice(0, 3);
  const longest = Math.max(...reports.map(({ latencies }) => latencies.recovery.max));
  const unknown = sum(({ errors }) => {
    const ofSessions = Object.entries(errors).filter(([error]) => /session id unknown|HTTP 400/i.test(error));
    return ofSessions.reduce((total, [, count]) => total + count, 0);
  });
  const errors = reports.flatMap(({ errors }) => Object.entries(errors).map(([error, count]) => `${count} × ${error}`));
  const traffic = `${counted("users")} clients, ${counted("sent")} messages sent, ${counted("acknowledged")} acknowledged, ${counted("received")} received`;
  const returns = `${counted("lost connections")} connections lost, ${counted("recovered")} recovered`;
  return [
    {
      claim: "nothing acknowledged is lost, doubled or reordered, and nobody is falsely gone",
      holds: violated.length === 0 && counted("acknowledged") > counted("users"),
      figures: [traffic, ...violated.map(([kind, count]) => `${count} ${kind}`), ...first].join("; "),
    },
    {
      claim: "everybody who lost a connection is recovered",
      holds: counted("not recovered") === 0 && counted("recovered") === counted("lost connections"),
      figures: [returns, ...errors].join("; "),
    },
    {
      claim: `nobody is away for more than ${(awayMs / 1000).toFixed(1)} s`,
      holds: longest <= awayMs,
      figures: `${(longest / 1000).toFixed(1)} s at most`,
    },
    {
      claim: endsFront ? "polling clients are refused once, those of an nginx that ends" : "no session is unknown",
      holds: unknown <= (endsFront ? counted("lost connections") : 0),
      figures: `${unknown} refused with 400`,
    },
  ];
}
