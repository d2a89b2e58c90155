import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Dialect, dialects } from "@switchyard/dialects";
import { expect, test } from "vitest";
import { codelab } from "../../../packages/dialects/test/codelab/dialect.ts";
import { channelOf } from "../src/asyncapi/channel.ts";
import { dialectTypes } from "../src/client-types/dialect-types.ts";
import { root } from "../src/repository.ts";

const readmeOf = ({ name }: Dialect) => `packages/dialects/src/${name}/README.md`;

test("the README's table of namespaces has every dialect, as the dialect describes itself", () => {
  const lines = readFileSync(join(root, "README.md"), "utf8").split("\n");
  const rows = lines.filter((line) => line.startsWith("| [`/")).map((line) => line.replaceAll(/ +/g, " "));
  const expected = dialects.map((dialect) => {
    const { name, title, opening } = dialect;
    const beginning = opening.map((event) => `\`${event}\``).join(", ") || "a token in `auth`";
    return `| [\`/${name}\`](${readmeOf(dialect)}) | ${title} | ${beginning} |`;
  });
  expect(rows).toEqual(expected);
});

test.for(dialects)("$name: a page beside it says what it speaks", (dialect) => {
  expect(existsSync(join(root, readmeOf(dialect)))).toBe(true);
});

test("a dialect of another folder is described, also its events with several arguments, or with none", () => {
  const types = dialectTypes(codelab);
  expect(types).toContain('"create or join": (content: Id, acknowledge?: Acknowledge) => void;');
  expect(types).toContain("bye: (acknowledge?: Acknowledge) => void;");
  expect(types).toContain("created: (content: Id, further: Id) => void;");
  expect(types).toContain("ready: () => void;");
  expect(types).not.toContain("import type {  }");
  const { address, messages } = channelOf(codelab, {});
  expect(address).toBe("/codelab");
  expect(messages["server.created"]).toMatchObject({ name: "created", "x-further-arguments": [{}] });
});
