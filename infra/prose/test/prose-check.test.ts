import { describe, expect, test } from "vitest";
import { checkFile, checkText, filesToCheck, prose } from "../src/prose-check.ts";

/** A sentence as each kind of file can have it; its own text begins in line 3. */
const kinds = [
  { path: "a.md", text: (sentence: string) => `# Page\n\n${sentence}\n` },
  { path: "table.md", text: (sentence: string) => `| name | meaning |\n| --- | --- |\n| lease | ${sentence} |\n` },
  { path: "a.ts", text: (sentence: string) => `const a = 1;\n/**\n * ${sentence}\n */\nconst b = 2;\n` },
  { path: "line.mjs", text: (sentence: string) => `const a = 1;\n\n// ${sentence}\n` },
  {
    path: "setting.ts",
    text: (sentence: string) => `const a = z.string().meta({\n  title: "a",\n  description: "${sentence}" });\n`,
  },
  { path: "page.tsx", text: (sentence: string) => `const a = (\n  <p>\n    ${sentence}\n  </p>\n);\n` },
  { path: "a.lua", text: (sentence: string) => `#!lua\n-- A script.\n-- ${sentence}\nreturn 1\n` },
];

describe.each(kinds)("a sentence in $path", ({ path, text }) => {
  test.each(prose.habits)("is refused for $pattern", async ({ refuses, message }) => {
    const found = await checkText(text(refuses), path);
    expect(found).toContainEqual(expect.stringMatching(new RegExp(`^${path}:3:`)));
    expect(found).toContainEqual(expect.stringContaining(message));
  });

  test.each([
    "Number of recent messages sent to a participant on joining a meeting or the chatroom.",
    "An event addressed to a ticket holder is dropped if the session no longer holds that ticket.",
    "The node delivers no more than ten events, and no more connections than that: to users who asked for them.",
    "Resume refused: wrong recovery secret.",
  ])("is accepted: %s", async (sentence) => {
    expect(await checkText(text(sentence), path)).toEqual([]);
  });
});

test("a habit is found across the end of a line", async () => {
  const [found] = await checkText("/**\n * The partner is\n * told, once.\n */\n", "a.ts");
  expect(found).toMatch(/^a\.ts:2:16: "is told"/);
});

test("code is not prose", async () => {
  expect(await checkText("The field `Whoever` of\n\n```ts\nclass What {}\n```\n", "a.md")).toEqual([]);
  expect(await checkText('class What {}\nconst Who = "What";\n/** The class `What`. */\n', "a.ts")).toEqual([]);
  expect(await checkText("local Who = What\n", "a.lua")).toEqual([]);
});

test("the pages, the packages' sources and the scripts are checked", async () => {
  const files = filesToCheck();
  for (const file of ["README.md", "docs/glossary.md", "packages/store/SPEC.md", "packages/runtime/src/settings.ts"]) {
    expect(files).toContain(file);
  }
  expect(files.filter((file) => file.endsWith(".lua")).length).toBeGreaterThan(0);
  expect(files.filter((file) => /node_modules|\/test\//.test(file))).toEqual([]);
  expect(await checkFile("docs/glossary.md")).toEqual([]);
});
