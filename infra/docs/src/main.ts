import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pages } from "./pages.ts";
import { root } from "./repository.ts";

for (const { path, render } of pages) {
  writeFileSync(join(root, path), render());
  process.stdout.write(`${path}\n`);
}
