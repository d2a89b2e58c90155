import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

const conditions = ["source"];
const folders = "{packages,services,infra}/*/test/**";
/** Files that test a dialect on several ways to it. */
const onSeveralWays = globSync("packages/dialects/test/*/*.test.ts", { cwd: import.meta.dirname }).filter(
  (path) =>
    /\/[\w-]+\.test\.ts$/.test(path) && /\bwaysTo\(/.test(readFileSync(join(import.meta.dirname, path), "utf8")),
);
const slow = [`${folders}/*.long.test.ts`, `${folders}/*.long.browser.test.ts`];

/**
 * The tests by what they need, which is in a file's name:
 * - `x.test.ts`: sockets and a Redis; services run in the test's own process.
 * - `x.process.test.ts`: processes of its own, to be killed or stopped.
 * - `x.browser.test.ts`: a browser; one file at a time.
 * - `crossed`: those files once more that test a dialect on several ways, on the other half of the ways; for `npm run test:all` only.
 * - `x.long.test.ts`, `x.long.browser.test.ts`: for `npm run test:all` only.
 */
const kinds = {
  fast: {
    include: [`${folders}/*.test.ts`],
    exclude: [`${folders}/*.{process,browser}.test.ts`, ...slow],
    sequence: { groupOrder: 0 },
  },
  process: { include: [`${folders}/*.process.test.ts`], sequence: { groupOrder: 0 } },
  browser: {
    include: [`${folders}/*.browser.test.ts`],
    exclude: slow,
    maxWorkers: 1,
    sequence: { groupOrder: 1 },
  },
  crossed: { include: onSeveralWays, provide: { ways: "crossed" as const }, sequence: { groupOrder: 2 } },
  long: { include: [`${folders}/*.long.test.ts`], sequence: { groupOrder: 2 } },
  "long-browser": { include: [`${folders}/*.long.browser.test.ts`], maxWorkers: 1, sequence: { groupOrder: 3 } },
};

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  environments: { __vitest__: { resolve: { conditions } } },
  test: {
    globalSetup: ["packages/testkit/src/neutral-environment.ts", "packages/testkit/src/global-setup.ts"],
    setupFiles: ["packages/testkit/src/failure-report.ts"],
    env: { NODE_ENV: "test" },
    provide: { ways: "direct" },
    /** Modules are loaded once for a worker, not once for a file: that was half of the time. */
    isolate: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    /** More than cores: most of a test is waiting for something real. */
    maxWorkers: 5,
    projects: Object.entries(kinds).map(([name, test]) => ({ extends: true as const, test: { name, ...test } })),
  },
});
