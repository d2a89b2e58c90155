import { setTimeout as wait } from "node:timers/promises";
import { until, type Verdict } from "@switchyard/testkit";
import type { Bounds } from "../clients/crowd.ts";
import { scaleDown } from "../cluster/autoscaler.ts";
import type { Machine } from "../cluster/machines.ts";
import type { Pod } from "../pods/pod.ts";
import { names, type Stage } from "./stage.ts";

/** A disturbance of the installed chart under load. */
export interface Disturbance {
  readonly name: string;
  readonly what: string;
  readonly values?: readonly string[];
  readonly replicas?: number;
  readonly bounds: Bounds;
  readonly happen: (stage: Stage) => Promise<Verdict[]>;
}

const gentle: Bounds = { awayMs: 4000, endsFront: false };
const SCALED_WITHIN_MS = 180_000;
const EVICTED_AGAIN_MS = 1000;
const EVICTED_WITHIN_MS = 180_000;
const FREEZES_AFTER_MS = 1000;
/** A client notices a silent machine by a ping timeout, and others are asked in vain for a while. */
const AFTER_A_LOSS_MS = 40_000;

export const disturbances: readonly Disturbance[] = [
  {
    name: "rolling-update",
    what: "all nodes and matchmakers are replaced by those of a new version",
    bounds: gentle,
    happen: async ({ cluster, release, observer }) => {
      const version = ["signaling", "matchmaker"].map((part) => `${part}.podAnnotations.version=next`);
      const replaced = await cluster.apply(await release.upgrade(...limitless, ...version));
      const before = new Set(cluster.pods().map(({ name }) => name));
      await cluster.settled();
      const after = podsOf(cluster.pods(), names.signaling, names.matchmaker);
      observer.note("the new version has replaced the old one");
      return [
        {
          claim: "the update replaces the pods that changed, and no others",
          holds:
            [...replaced].sort().join() === [names.matchmaker, names.signaling].join() &&
            after.every(({ name }) => !before.has(name)),
          figures: replaced.join(", "),
        },
      ];
    },
  },
  {
    name: "scale-down",
    what: "the autoscaler takes nodes away, for which there is too little to do",
    values: ["autoscaling.kind=hpa", "autoscaling.scaleDown.windowSeconds=5", "autoscaling.scaleDown.periodSeconds=12"],
    replicas: 4,
    bounds: gentle,
    happen: async ({ cluster, observer }) => {
      const scaled = await scaleDown(cluster, AbortSignal.timeout(SCALED_WITHIN_MS));
      await cluster.settled();
      for (const { from, to } of scaled) observer.note(`the autoscaler went from ${from} nodes to ${to}`);
      return [
        {
          claim: "nodes are taken away one at a time",
          holds: scaled.length === 2 && scaled.every(({ from, to }) => from - to === 1),
          figures: scaled.map(({ from, to }) => `${from} to ${to}`).join(", "),
        },
      ];
    },
  },
  {
    name: "drain",
    what: "a machine is drained: its pods go elsewhere, as far as their budgets allow",
    bounds: { ...gentle, endsFront: true },
    happen: async ({ cluster, observer }) => {
      const machine = machineWith(cluster.pods(), cluster.machines);
      machine.isCordoned = true;
      const there = () => cluster.pods().filter(({ options }) => options.machine.name === machine.name);
      observer.note(
        `${machine.name} is drained of ${there()
          .map(({ name }) => name)
          .join(", ")}`,
      );
      const isEmpty = async () => {
        for (const pod of there()) cluster.evict(pod);
        await wait(EVICTED_AGAIN_MS);
        return there().length === 0;
      };
      await until("the machine to be empty", isEmpty, EVICTED_WITHIN_MS);
      await cluster.settled();
      const onIt = there().length;
      return [
        { claim: "the machine is empty, and every workload whole", holds: onIt === 0, figures: `${onIt} pods on it` },
      ];
    },
  },
  {
    name: "eviction",
    what: "every node is to be evicted at the same moment, under the budget",
    bounds: gentle,
    happen: async ({ cluster }) => {
      const first = podsOf(cluster.pods(), names.signaling);
      const allowed = first.filter((pod) => cluster.evict(pod)).length;
      const allGone = async () => {
        for (const pod of first) cluster.evict(pod);
        await wait(EVICTED_AGAIN_MS);
        return first.every(({ isGone }) => isGone);
      };
      await until("all to be evicted", allGone, EVICTED_WITHIN_MS);
      await cluster.settled();
      return [
        {
          claim: "the budget lets one go at a time",
          holds: allowed === 1,
          figures: `${allowed} of ${first.length} at once`,
        },
      ];
    },
  },
  {
    name: "kill",
    what: "a node stands still while it drains, and is killed at the end of its grace",
    values: ["signaling.terminationGracePeriodSeconds=12"],
    bounds: { awayMs: 20_000, endsFront: false },
    happen: async ({ cluster }) => {
      const [pod] = podsOf(cluster.pods(), names.signaling);
      if (!pod) throw new Error("there is no node");
      const begun = performance.now();
      const removed = cluster.remove(pod);
      await wait(FREEZES_AFTER_MS);
      pod.signal("SIGSTOP");
      await removed;
      const seconds = (performance.now() - begun) / 1000;
      await cluster.settled();
      return [
        {
          claim: "it is killed at the end of its grace",
          holds: seconds >= 12,
          figures: `after ${seconds.toFixed(1)} s`,
        },
      ];
    },
  },
  {
    name: "zone",
    what: "a zone loses its power, with a node, a matchmaker and an nginx",
    bounds: { awayMs: 20_000, endsFront: true },
    happen: async ({ cluster, observer }) => {
      const { zone } = machineWith(cluster.pods(), cluster.machines);
      for (const machine of cluster.machines) if (machine.zone === zone) machine.isLost = true;
      const lost = cluster.pods().filter(({ options }) => options.machine.zone === zone);
      for (const { options } of lost) await cluster.network.faults.isolate(options.address);
      for (const pod of lost) pod.lose();
      observer.note(`zone ${zone} has lost its power, and ${lost.map(({ name }) => name).join(", ")}`);
      await wait(AFTER_A_LOSS_MS);
      const nodes = podsOf(lost, names.signaling).length;
      return [{ claim: "a node was lost", holds: nodes > 0, figures: `${lost.length} pods, ${nodes} of them nodes` }];
    },
  },
];

/** No limit is to be what a rehearsal finds: all clients share the few addresses of proxies. */
export const limitless: readonly string[] = [
  "ADDRESS_RATE_LIMIT_USERS=0",
  "MAX_CONNECTIONS_PER_IP=0",
  "HTTP_RATE_LIMIT_POINTS=100000",
  "CONNECT_RATE_LIMIT_POINTS=100000",
  "CREATE_ROOM_RATE_LIMIT_POINTS=100000",
].map((setting) => `settings.${setting}`);

function podsOf(pods: readonly Pod[], ...workloads: readonly string[]): Pod[] {
  return pods.filter(({ name }) => workloads.some((workload) => name.startsWith(`${workload}-`)));
}

/** The machine of a node, in a zone in which there is no Redis: that has no second one in the chart. */
function machineWith(pods: readonly Pod[], machines: readonly Machine[]): Machine {
  const [redis] = podsOf(pods, names.redis);
  const [node] = podsOf(pods, names.signaling).filter(
    ({ options }) => options.machine.zone !== redis?.options.machine.zone,
  );
  const machine = machines.find(({ name }) => name === node?.options.machine.name);
  if (!machine) throw new Error("there is no node in a zone without Redis");
  return machine;
}
