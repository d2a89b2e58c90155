import type { DialectName } from "@switchyard/protocol";
import { among, type Check } from "../../check.ts";

/** One script writes both. The lists of who is online go by the order. */
export const arrivals: Check = {
  name: "arrivals",
  rule: "Whoever is online by name has a place in the order of arrivals, and nobody else has.",
  begins: ["presenceArrivals", "presencePeople"],
  async *find({ inspection: { presence } }, { kind, ids }) {
    const dialect = ids[0] as DialectName;
    const isArrivals = kind === "presenceArrivals";
    yield* among(isArrivals ? presence.arrivals(dialect) : online(), async (user) => {
      const { isOnline, hasArrived } = await presence.standing(dialect, user);
      if (isOnline === hasArrived) return undefined;
      const problem = hasArrived ? "has a place in the order, and is not online" : "is online, and has no place";
      return { problem: `user ${user} of ${dialect} ${problem}` };
    });

    async function* online() {
      for await (const page of presence.people(dialect)) yield page.map(([user]) => user);
    }
  },
};
