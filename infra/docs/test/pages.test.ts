import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pages } from "../src/pages.ts";
import { root } from "../src/repository.ts";

test.for(pages)("$path says what the code says (else: pnpm run docs)", ({ path, render }) => {
  expect(readFileSync(join(root, path), "utf8")).toBe(render());
});
