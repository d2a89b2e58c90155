import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const repository = new URL("../../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, repository), "utf8");
const sections = read("docs/guarantees.md").split(/^## /m).slice(1);
/** Sections that promise nothing: they define words, or say what is not promised. */
const withoutPromises = /^(Words|Not promised)\n/;
const promises = sections.filter((section) => !withoutPromises.test(section)).flatMap(promisesIn);

interface Promised {
  readonly sentence: string;
  readonly tests: readonly { readonly file: string; readonly title: string }[];
}

/** The items of a section: a sentence, an arrow, and tests as `file`: "title", "title"; `file`: "title" */
function promisesIn(section: string): Promised[] {
  return [...section.matchAll(/^- ((?:.|\n {2})*)/gm)].map(([, text = ""]) => {
    const [sentence = "", shown = ""] = text.split("→");
    const named = [...shown.matchAll(/`([^`]+)`:((?:[,\s]*"[^"]+")+)/g)];
    const tests = named.flatMap(([, file = "", titles = ""]) =>
      [...titles.matchAll(/"([^"]+)"/g)].map(([, title = ""]) => ({ file, title: title.replaceAll(/\s+/g, " ") })),
    );
    return { sentence, tests };
  });
}

test("every promise names a test", () => {
  expect(promises.length).toBeGreaterThan(25);
  expect(promises.filter(({ tests }) => tests.length === 0)).toEqual([]);
});

test("every test that a promise names is there", () => {
  const isThere = ({ file, title }: Promised["tests"][number]) =>
    existsSync(new URL(file, repository)) && read(file).includes(`"${title}"`);
  expect(promises.flatMap(({ tests }) => tests).filter((named) => !isThere(named))).toEqual([]);
});
