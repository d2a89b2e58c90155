import type { Pod } from "../pods/pod.ts";

/** A machine of the cluster, in a zone. */
export interface Machine {
  readonly name: string;
  readonly zone: string;
  /** Gets no new pods. */
  isCordoned: boolean;
  /** Has lost its power, without a word to anybody. */
  isLost: boolean;
}

const ZONES = ["a", "b", "c"];
const MACHINES_PER_ZONE = 2;

export function makeMachines(): readonly Machine[] {
  return ZONES.flatMap((zone) =>
    Array.from({ length: MACHINES_PER_ZONE }, (_, index) => {
      return { name: `machine-${zone}${index + 1}`, zone, isCordoned: false, isLost: false };
    }),
  );
}

/**
 * The machine for one more pod of a kind: as few of them as possible in its zone, then on it.
 * @param alike the pods over which it is to be spread
 */
export function chooseMachine(machines: readonly Machine[], alike: readonly Pod[]): Machine {
  const inZone = (zone: string) => alike.filter(({ options }) => options.machine.zone === zone).length;
  const on = (name: string) => alike.filter(({ options }) => options.machine.name === name).length;
  const open = machines.filter(({ isCordoned, isLost }) => !isCordoned && !isLost);
  const [best] = open.toSorted((one, other) => inZone(one.zone) - inZone(other.zone) || on(one.name) - on(other.name));
  if (!best) throw new Error("no machine takes pods");
  return best;
}
