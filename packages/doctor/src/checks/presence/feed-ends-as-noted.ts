import type { DialectName } from "@switchyard/protocol";
import { entryNumberOf } from "@switchyard/store";
import type { Check } from "../../check.ts";

/** One script writes both; an entry that is older than they are kept may be gone. */
export const feedEndsAsNoted: Check = {
  name: "feeds",
  rule: "The end of what concerns everyone is noted as it is: the last entry, and how many there were.",
  begins: ["presenceMeta", "feed"],
  async *find({ inspection }, { ids }) {
    const dialect = ids[0] as DialectName;
    const { counted, noted, kept } = await inspection.presence.feedEnd(dialect);
    const last = noted === undefined ? 0 : entryNumberOf(noted);
    if (counted !== last) yield { problem: `${counted} entries of ${dialect} were counted, and the last is ${noted}` };
    if (kept !== undefined && kept !== noted) {
      yield { problem: `the last entry of ${dialect} is ${kept}, and ${noted} is noted` };
    }
  },
};
