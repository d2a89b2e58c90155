import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { filesLike, root } from "../src/repository.ts";

/** Imports against the direction, each with a file in which it is one, and the rule that refuses it. */
const wrong = [
  ["packages/protocol/src/a.ts", "@switchyard/store", "packages/protocol: packages"],
  ["packages/store/src/a.ts", "@switchyard/core", "packages/store: packages"],
  ["packages/core/src/a.ts", "ioredis", "packages/core: libraries"],
  ["packages/core/src/a/b.ts", "../../../dialects/src/index.ts", "packages/core: packages"],
  [
    "packages/core/src/calls/a.ts",
    "../accounts/finishing.ts",
    "packages/core/src: session, identity, pairing, rooms, presence, chatroom, calls",
  ],
  ["packages/dialects/src/a.ts", "@switchyard/signaling", "packages/dialects: packages"],
  ["packages/client-types/src/a.ts", "zod", "packages/client-types: libraries"],
  ["packages/client-types/src/a.ts", "@switchyard/protocol", "packages/client-types: packages"],
  ["packages/client/src/a.ts", "node:fs", "packages/client: browsers"],
  ["packages/client/src/a.ts", "@switchyard/protocol", "packages/client: packages"],
  ["packages/client/src/a.ts", "@switchyard/react", "packages/client: packages"],
  ["packages/react/src/a.ts", "@switchyard/protocol", "packages/react: packages"],
  ["packages/react/src/a.ts", "node:fs", "packages/react: browsers"],
  ["packages/auth/src/a.ts", "@switchyard/store", "packages/auth: packages"],
  ["packages/runtime/src/a.ts", "@switchyard/protocol", "packages/runtime: packages"],
  ["packages/doctor/src/a.ts", "socket.io", "packages/doctor: libraries"],
  ["packages/load/src/a.ts", "@switchyard/protocol", "packages/load: packages"],
  ["packages/testkit/src/a.ts", "@switchyard/signaling", "packages/testkit: packages"],
  ["packages/store/test/a.ts", "@switchyard/matchmaker", "a test imports no service"],
  ["packages/store/test/a.ts", "../../core/src/index.ts", "a package imports another one by its name"],
  ["services/signaling/src/a.ts", "@switchyard/testkit", "services/signaling: packages"],
  ["services/signaling/src/a.ts", "../../matchmaker/src/index.ts", "services/signaling: packages"],
  ["services/signaling/src/a.ts", "not-in-package-json", "an import is found, by a name that package.json has"],
  ["services/signaling/src/sessions/a.ts", "../http/server.ts", "services/signaling/src: sessions"],
  ["services/matchmaker/src/a.ts", "@switchyard/signaling", "services/matchmaker: packages"],
  ["services/web/src/a.tsx", "@switchyard/protocol", "services/web: packages"],
  ["services/web/src/a.tsx", "node:fs", "services/web: browsers"],
  [
    "services/web/src/a.tsx",
    "../../../packages/client-types/src/index.ts",
    "a package imports another one by its name",
  ],
  ["infra/bootstrap/a.mjs", "@switchyard/runtime", "infra/bootstrap: packages"],
] as const;

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

/** A copy of the sources, in which every package finds every other one and the libraries, whatever its package.json names. */
async function copyRepository(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-imports-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const copied = ["package.json", "tsconfig.base.json", "tsconfig.json", ".dependency-cruiser.mjs"];
  const packages = filesLike("{packages,services}/*/package.json").map((path) => dirname(path));
  const sources = packages.flatMap((path) => [`${path}/package.json`, `${path}/src`]);
  for (const path of [...copied, ...sources]) await cp(join(root, path), join(directory, path), { recursive: true });
  await mkdir(join(directory, "node_modules/@switchyard"), { recursive: true });
  for (const path of packages) {
    const name = path.slice(path.indexOf("/") + 1);
    await symlink(join(directory, path), join(directory, "node_modules/@switchyard", name));
  }
  return directory;
}

/** What is refused in some files of a repository. */
async function violationsIn(directory: string, files: readonly string[]): Promise<readonly Violation[]> {
  const program = join(root, "node_modules/.bin/depcruise");
  const output = await new Promise<string>((resolve) => {
    const options = { cwd: directory, maxBuffer: 2 ** 28 };
    execFile(program, ["--output-type", "json", ...files], options, (_, stdout) => resolve(stdout));
  });
  return (JSON.parse(output) as { summary: { violations: Violation[] } }).summary.violations;
}

test("every package and every service has its place in the direction", async () => {
  const { default: table } = (await import(join(root, ".dependency-cruiser.mjs"))) as {
    default: { forbidden: readonly { name: string }[] };
  };
  const ruled = table.forbidden.flatMap(({ name }) => /^(.+): packages$/.exec(name)?.[1] ?? []);
  const found = filesLike("{packages,services}/*/package.json").map((path) => dirname(path));
  expect(ruled).toEqual(expect.arrayContaining(found));
});

test("an import against the direction is refused, of a type too, and a cycle", async () => {
  const directory = await copyRepository();
  for (const [library, owner] of Object.entries({
    ioredis: "store",
    zod: "protocol",
    "socket.io": "../services/signaling",
  })) {
    await symlink(join(root, "packages", owner, "node_modules", library), join(directory, "node_modules", library));
  }
  const planted = new Map<string, string>();
  const plant = async (path: string, text: string) => {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  };
  for (const [index, [path, name, rule]] of wrong.entries()) {
    const forms = [
      `import "${name}";`,
      `import type { A } from "${name}";`,
      `export * from "${name}";`,
      `await import("${name}");`,
    ];
    for (const [form, text] of forms.entries()) {
      const file = path.replace(/(\.\w+)$/, `${index}-${form}$1`);
      if (path.endsWith(".mjs") && text.includes("type {")) continue;
      await plant(file, `${text}\n`);
      planted.set(file, rule);
    }
  }
  await plant("packages/core/src/one.ts", 'import type { Two } from "./two.ts";\nexport type One = Two | 1;\n');
  await plant("packages/core/src/two.ts", 'import type { One } from "./one.ts";\nexport type Two = One[];\n');
  const cycle = ["packages/core/src/one.ts", "packages/core/src/two.ts"];
  const found = await violationsIn(directory, [...planted.keys(), ...cycle]);
  const missed = [...planted].filter(
    ([file, rule]) => !found.some((violation) => violation.from === file && violation.rule.name === rule),
  );
  expect(missed).toEqual([]);
  const inCycle = found.filter(({ rule }) => rule.name === "no cycles").map(({ from }) => from);
  expect(inCycle).toEqual([cycle[0]]); // a cycle is refused once, at its first file
  const inCopyOnly = "an import is found, by a name that package.json has"; // most libraries are not in the copy
  const others = found.filter(
    ({ from, rule }) => !planted.has(from) && !cycle.includes(from) && rule.name !== inCopyOnly,
  );
  expect(others).toEqual([]);
});
