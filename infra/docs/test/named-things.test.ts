import { readFileSync } from "node:fs";
import { join } from "node:path";
import { settings } from "@switchyard/runtime";
import { expect, test } from "vitest";
import { commands } from "../../sy/src/commands.ts";
import { filesLike, root } from "../src/repository.ts";

const pages = [...filesLike("docs/*.md"), "README.md", "CONTRIBUTING.md"];
const textOf = (path: string) => readFileSync(join(root, path), "utf8");
/** What is set in monospace: spans, and the lines of blocks. */
const codeOf = (page: string) => [
  ...[...textOf(page).matchAll(/`([^`\n]+)`/g)].map(([, span = ""]) => span),
  ...[...textOf(page).matchAll(/^ *```\w*\n([\s\S]*?)^ *```/gm)].flatMap(([, block = ""]) => block.split("\n")),
];

/** What Compose takes from the environment besides. */
const ofCompose = [...filesLike("docker-compose*.yml")].flatMap((path) =>
  [...textOf(path).matchAll(/\$\{([A-Z][A-Z0-9_]*)|^ +([A-Z][A-Z0-9_]*):/gm)].map(([, one, two]) => one ?? two),
);
/** What only the tests, or the programs that are started, take from the environment. */
const ofOthers =
  /^(PROPERTY_SEED|SWITCHYARD_\w+|COMPOSE_FILE|COMPOSE_PROJECT_NAME|NEXT_PUBLIC_SIGNALING_SERVER_URL|TESTCONTAINERS_\w+|NODE_COMPILE_CACHE)$/;
const known = new Set<string | undefined>([...Object.keys(settings), ...ofCompose]);
const isKnown = (name: string) => known.has(name) || known.has(name.replace(/_FILE$/, "")) || ofOthers.test(name);

test.for(pages)("%s: every setting that it names is there", (page) => {
  const named = codeOf(page).flatMap((code) => code.match(/(?<![\w$.{-])[A-Z][A-Z0-9]*_[A-Z0-9_]+(?![\w-])/g) ?? []);
  expect([...new Set(named)].filter((name) => !isKnown(name))).toEqual([]);
});

test.for(pages)("%s: every command of sy that it shows is there, with its options", (page) => {
  const shown = codeOf(page).flatMap((code) => [...code.matchAll(/(?<![\w/@-])sy ([a-z]+)([^#|`;)]*)/g)]);
  const wrong = shown.flatMap(([line, name, rest = ""]) => {
    const command = commands.find((candidate) => candidate.name === name);
    if (!command) return [line];
    const options = [...rest.matchAll(/--([a-z]+)/g)].map(([, option = ""]) => option);
    const own = [...Object.keys(command.options), "json", "help", "master"];
    return options.every((option) => own.includes(option)) ? [] : [line];
  });
  expect(wrong).toEqual([]);
});
