import { keys } from "@switchyard/store";
import { type KeyDescription, keyTable } from "@switchyard/store/key-table";
import { describe, expect, test } from "vitest";
import { privacyPage } from "../src/privacy-page.ts";

const described = Object.entries<KeyDescription>(keyTable);
const rows = privacyPage()
  .split("\n")
  .filter((line) => line.startsWith("| `sy:"));

describe("docs/privacy.md", () => {
  test.for(described)("%s: a key with something about a person has its row", ([name, { ids, personal }]) => {
    const make = keys[name as keyof typeof keys] as (...ids: readonly string[]) => string;
    const key = `| \`${decodeURIComponent(make(...ids))}\` |`;
    expect(rows.some((row) => row.startsWith(key))).toBe(personal !== false);
  });

  test("a key that is named after a user, an account or an address is about a person", () => {
    const about = /<(user|name in lower case|address|one|other|subject)>/;
    const named = described.filter(([, { ids }]) => ids.some((id) => about.test(id)));
    expect(named.filter(([, { personal }]) => personal === false)).toEqual([]);
    expect(named.length).toBeGreaterThan(8);
  });
});
