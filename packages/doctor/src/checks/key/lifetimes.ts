import { expiringKinds } from "@switchyard/store/inspection";
import type { Check } from "../../check.ts";

/** Nobody removes them but Redis itself. */
export const lifetimes: Check = {
  name: "lifetimes",
  rule: "What nobody owns has a lifetime.",
  begins: expiringKinds,
  async *find({ inspection }, { name }) {
    if (await inspection.keyspace.staysForGood(name)) yield { problem: `${name} has no lifetime` };
  },
};
