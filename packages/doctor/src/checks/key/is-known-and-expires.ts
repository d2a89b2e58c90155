import { expiringKinds } from "@switchyard/store/inspection";
import type { Check } from "../../check.ts";

/** Nobody removes them but Redis itself. */
export const keysExpire: Check = {
  name: "lifetimes",
  rule: "Every key without an owner has a lifetime.",
  begins: expiringKinds,
  async *find({ inspection }, { name }) {
    if (await inspection.keyspace.staysForGood(name)) yield { problem: `${name} has no lifetime` };
  },
};

/** Left by an older version, by hand, or by another program. */
export const keysAreKnown: Check = {
  name: "unknown-keys",
  rule: "Every key is one of those that the key table describes.",
  begins: ["unknown"],
  async *find({ inspection }, { name }) {
    if (await inspection.keyspace.exists(name)) yield { problem: `${name} is no key of ours` };
  },
};
