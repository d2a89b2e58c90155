import type { Check } from "../../check.ts";

/** Left by an older version, by hand, or by another program. */
export const unknownKeys: Check = {
  name: "unknown-keys",
  rule: "Every key is one of those that the key table describes.",
  begins: ["unknown"],
  async *find({ inspection }, { name }) {
    if (await inspection.keyspace.exists(name)) yield { problem: `${name} is no key of ours` };
  },
};
