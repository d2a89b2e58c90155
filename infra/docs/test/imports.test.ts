import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, normalize } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { filesLike, root } from "../src/repository.ts";

/** What the sources of each package may import: of this workspace, and of others where that is what the package is about. */
const direction: Readonly<Record<string, { readonly own: readonly string[]; readonly foreign?: readonly string[] }>> = {
  "packages/protocol": { own: [], foreign: ["zod"] },
  "packages/store": { own: ["protocol"], foreign: ["ioredis"] },
  "packages/core": { own: ["store", "protocol"], foreign: [] },
  "packages/dialects": { own: ["core", "store", "protocol"], foreign: ["zod"] },
  "packages/client-types": { own: [], foreign: [] },
  "packages/auth": { own: ["protocol"] },
  "packages/runtime": { own: [] },
  "packages/doctor": { own: ["core", "store", "protocol"], foreign: [] },
  "packages/testkit": { own: ["doctor", "store"] },
  "services/signaling": { own: ["auth", "runtime", "dialects", "core", "store", "protocol"] },
  "services/matchmaker": { own: ["runtime", "dialects", "core", "store", "protocol"] },
  "services/web": { own: ["client-types"], foreign: ["react", "react-dom", "socket.io-client"] },
};
const houses = Object.keys(direction);

/** The names of the modules that a text imports, in any way. */
function importsOf(text: string): string[] {
  const imports = /^(?:(?:import|export)\b[\w\s{},*$]+\bfrom|import)\s*"([^"\n]+)"|\bimport\(\s*"([^"\n]+)"/gm;
  return [...text.matchAll(imports)].map(([, named, loaded]) => named ?? loaded ?? "");
}

const isSource = (path: string) => /^\w+\/[\w-]+\/src\//.test(path);

/** What a file must not import. */
function forbidden(path: string, text: string): string[] {
  const house = path.split("/").slice(0, 2).join("/");
  const { own, foreign } = direction[house] ?? { own: [] };
  const isAllowed = (name: string) => {
    if (name.startsWith(".")) {
      const target = normalize(join(dirname(path), name));
      return target.startsWith(isSource(path) ? `${house}/src/` : `${house}/`) || target === `${house}/package.json`;
    }
    const [, ours] = /^@switchyard\/([\w-]+)/.exec(name) ?? [];
    if (ours !== undefined) return isSource(path) ? own.includes(ours) : !isService(ours);
    if (!isSource(path) || foreign === undefined) return true;
    return name.startsWith("node:") ? house !== "services/web" : foreign.includes(packageOf(name));
  };
  return importsOf(text).filter((name) => !isAllowed(name));
}

const isService = (name: string) => houses.includes(`services/${name}`);
const packageOf = (name: string) => name.split("/", name.startsWith("@") ? 2 : 1).join("/");

test("every package and every service has its place in the direction", () => {
  const found = filesLike("{packages,services}/*/package.json").map((path) => dirname(path));
  expect(houses.toSorted()).toEqual(found);
});

test.for(houses)("%s imports what lies below it, and nothing else", async (house) => {
  const files = filesLike(`${house}/{src,test}/**/*.{ts,tsx}`);
  expect(files.length).toBeGreaterThan(0);
  const found = await Promise.all(
    files.map(async (path) => forbidden(path, await readFile(join(root, path), "utf8")).map((name) => [path, name])),
  );
  expect(found.flat()).toEqual([]);
});

/** Imports against the direction, each with a file in which it is one. */
const wrong = [
  ["packages/protocol/src/a.ts", "@switchyard/store"],
  ["packages/store/src/a.ts", "@switchyard/core"],
  ["packages/core/src/a.ts", "ioredis"],
  ["packages/core/src/a/b.ts", "../../../dialects/src/index.ts"],
  ["packages/dialects/src/a.ts", "@switchyard/signaling"],
  ["packages/client-types/src/a.ts", "zod"],
  ["packages/client-types/src/a.ts", "@switchyard/protocol"],
  ["packages/auth/src/a.ts", "@switchyard/store"],
  ["packages/runtime/src/a.ts", "@switchyard/protocol"],
  ["packages/doctor/src/a.ts", "socket.io"],
  ["packages/testkit/src/a.ts", "@switchyard/signaling"],
  ["services/signaling/src/a.ts", "@switchyard/testkit"],
  ["services/signaling/src/a.ts", "../../matchmaker/src/index.ts"],
  ["services/matchmaker/src/a.ts", "@switchyard/signaling"],
  ["services/web/src/a.tsx", "@switchyard/protocol"],
  ["services/web/src/a.tsx", "node:fs"],
  ["services/web/src/a.tsx", "../../../packages/client-types/src/index.ts"],
] as const;

describe("an import against the direction", () => {
  test.each(wrong)("is found by this test: %s, %s", (path, name) => {
    for (const text of [
      `import { a } from "${name}";`,
      `export * from "${name}";`,
      `const a = await import("${name}");`,
    ]) {
      expect(forbidden(path, `import { join } from "./path.ts";\n${text}\n`)).toEqual([name]);
    }
  });

  test("is found by the linter, and what may be imported is not", async () => {
    const directory = await mkdtemp(join(tmpdir(), "switchyard-imports-"));
    onTestFinished(() => rm(directory, { recursive: true }));
    const rules = JSON.parse(await readFile(join(root, "biome.json"), "utf8")) as object;
    await writeFile(join(directory, "biome.json"), JSON.stringify({ ...rules, vcs: { enabled: false } }));
    const write = async (path: string, names: readonly string[]) => {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), names.map((name) => `import "${name}";\n`).join(""));
    };
    for (const [index, [path, name]] of wrong.entries()) {
      await write(path.replace(/(\.tsx?)$/, `${index}$1`), [name]);
    }
    for (const [house, { own }] of Object.entries(direction)) {
      await write(`${house}/src/right.ts`, ["./other.ts", ...own.map((name) => `@switchyard/${name}`)]);
    }
    const found = await lint(directory);
    const expected = wrong.map(([path], index) => path.replace(/(\.tsx?)$/, `${index}$1`));
    expect(found.toSorted()).toEqual(expected.toSorted());
  });
});

/** The files in which the linter finds imports that are not allowed. */
async function lint(directory: string): Promise<string[]> {
  const args = ["lint", "--only=style/noRestrictedImports", "--max-diagnostics=none", "--reporter=json", "."];
  const output = await new Promise<string>((resolve) => {
    execFile(join(root, "node_modules/.bin/biome"), args, { cwd: directory }, (_, stdout) => resolve(stdout));
  });
  const { diagnostics } = JSON.parse(output) as { diagnostics: { location: { path: string | { file: string } } }[] };
  const files = diagnostics.map(({ location: { path } }) => (typeof path === "string" ? path : path.file));
  return [...new Set(files)].map((file) => file.replace(/^\.\//, ""));
}
