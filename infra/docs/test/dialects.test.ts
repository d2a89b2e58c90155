import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Dialect, dialects } from "@switchyard/dialects";
import { expect, test } from "vitest";
import { root } from "../src/repository.ts";

const readmeOf = ({ name }: Dialect) => `packages/dialects/src/${name}/README.md`;

test("the README's table of namespaces has every dialect, as the dialect describes itself", () => {
  const lines = readFileSync(join(root, "README.md"), "utf8").split("\n");
  const rows = lines.filter((line) => line.startsWith("| [`/")).map((line) => line.replaceAll(/ +/g, " "));
  const expected = dialects.map((dialect) => {
    const { name, title, opening } = dialect;
    const beginning = opening === undefined ? "a token in `auth`" : `\`${opening}\``;
    return `| [\`/${name}\`](${readmeOf(dialect)}) | ${title} | ${beginning} |`;
  });
  expect(rows).toEqual(expected);
});

test.for(dialects)("$name: a page beside it says what it speaks", (dialect) => {
  expect(existsSync(join(root, readmeOf(dialect)))).toBe(true);
});
