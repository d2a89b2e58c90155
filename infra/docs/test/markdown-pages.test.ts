import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import { filesLike, root } from "../src/repository.ts";

const pages = filesLike("**/*.md");

test("there are pages to check", () => {
  expect(pages).toContain("README.md");
});

test.for(pages)("%s: every link leads somewhere", (page) => {
  const targets = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  const dead = targets.filter((target) => !/^[a-z]+:/.test(target) && !leadsSomewhere(page, target));
  expect(dead).toEqual([]);
});

test.for(pages)("%s: every path that it names exists", (page) => {
  const paths = textOf(page).matchAll(/`((?:packages|services|infra|docs|nginx)\/[\w./-]+)`/g);
  const gone = [...paths].map(([, path = ""]) => path).filter((path) => !existsSync(join(root, path)));
  expect(gone).toEqual([]);
});

test.for(pages)("%s: the lines of its code blocks are as they must be, not wrapped as prose", (page) => {
  for (const [, language, block = ""] of textOf(page).matchAll(/^ *```(\w+)\n([\s\S]*?)^ *```$/gm)) {
    const [first] = block.split("\n");
    if (language === "mermaid") expect(first).toMatch(/^\s*(flowchart \w\w|sequenceDiagram|stateDiagram-v2)$/);
    // a command that a comment has swallowed
    if (language === "sh") expect(block).not.toMatch(/ # .* (npm|pnpm|docker|sy|rc) \w+ +#/);
  }
});

test("the architecture has a row for each package", () => {
  const rows = textOf("docs/architecture.md").matchAll(/^\| (`.*?`) +\|/gm);
  const named = [...rows].flatMap(([, names = ""]) => names.split(", ").map((name) => name.replaceAll("`", "")));
  const packages = filesLike("{packages,services,infra}/*/package.json").map(dirname);
  expect(packages.filter((path) => !named.includes(path))).toEqual([]);
});

test("the README's two commands each have a line", () => {
  expect(textOf("README.md")).toMatch(/^npm start\b.*\nnpm test\b/m);
});

function textOf(page: string): string {
  return readFileSync(join(root, page), "utf8");
}

function leadsSomewhere(from: string, target: string): boolean {
  const [path = "", anchor] = target.split("#");
  const to = path === "" ? from : normalize(join(dirname(from), path));
  if (!existsSync(join(root, to))) return false;
  return anchor === undefined || anchorsOf(to).has(anchor);
}

/** The anchors that a Markdown page's headings get where repositories are shown on the web. */
function anchorsOf(page: string): Set<string> {
  const headings = textOf(page).matchAll(/^#+ (.+)$/gm);
  return new Set(Array.from(headings, ([, heading = ""]) => slug(heading)));
}

function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}
