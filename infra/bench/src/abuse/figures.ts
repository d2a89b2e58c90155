import { figure, table } from "../table.ts";
import type { Cost } from "./measure.ts";

/** The most that one address may cost in a minute, with default settings. */
export const WANTED = {
  redisGrowthBytes: 20_000_000,
  redisLeftBytes: 2_000_000,
  nodeCores: 0.5,
  delayMs: 100,
} as const;

const megabytes = (bytes: number) => `${figure(bytes / 1_000_000, 1)} MB`;

/** The figures beside what is wanted. */
export function report({ before, during, ...cost }: Cost): string {
  const rows = [
    ["Redis grew by", megabytes(cost.redisGrowthBytes), `at most ${megabytes(WANTED.redisGrowthBytes)}`],
    ["of which was left afterwards", megabytes(cost.redisLeftBytes), `at most ${megabytes(WANTED.redisLeftBytes)}`],
    ["cores of the nodes", figure(cost.nodeCores, 2), `below ${figure(WANTED.nodeCores, 2)}`],
    ["cores of Redis", figure(cost.redisCores, 2), ""],
    ...Object.entries(cost.chargedBytes).map(([of, bytes]) => [`counted for ${of}`, megabytes(bytes), ""]),
    ["a node's longest turn", `${figure(cost.longestTurnMs)} ms`, ""],
    ["commands of Redis a second", figure(cost.redisCommandsPerSecond), ""],
    ["honest: relays arrived", `${figure(during.received)} of ${figure(during.sent)}`, "all"],
    ["honest: newcomers served", figure(during.newcomers), ""],
    ["honest: refusals and disconnections", figure(during.faults.length), "none"],
    ["honest: relay, p50 and p99 before", relays(before.latency), ""],
    ["honest: relay, p50 and p99 during", relays(during.latency), ""],
    ["honest: longest relay", `${figure(during.latency.max, 1)} ms`, `at most ${WANTED.delayMs} ms`],
  ];
  return table(["", "measured", "wanted"], rows);
}

/** The figures that are not as wanted, a sentence each. */
export function missesOf({ during, ...cost }: Cost): string[] {
  const misses = [
    cost.redisGrowthBytes > WANTED.redisGrowthBytes && `Redis grew by ${megabytes(cost.redisGrowthBytes)}`,
    cost.redisLeftBytes > WANTED.redisLeftBytes && `${megabytes(cost.redisLeftBytes)} were left in Redis`,
    cost.nodeCores >= WANTED.nodeCores && `the nodes used ${figure(cost.nodeCores, 2)} cores for it`,
    during.received < during.sent && `${during.sent - during.received} relays of honest clients did not arrive`,
    during.faults.length > 0 && `honest clients saw ${during.faults.join("; ")}`,
    during.latency.max > WANTED.delayMs && `an honest relay took ${figure(during.latency.max)} ms`,
  ];
  return misses.filter((miss) => miss !== false);
}

const relays = ({ p50, p99 }: Cost["during"]["latency"]) => `${figure(p50, 1)} ms, ${figure(p99, 1)} ms`;
