import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CleanUp, skipCaller } from "@switchyard/testkit";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { findingsOf } from "../src/findings.ts";
import { isRegistryReachable, Project } from "../src/project.ts";
import { budgets, sizesOf } from "../src/sizes.ts";
import { type Published, packAll, published, type Tarball } from "../src/tarballs.ts";
import { usedClient, usedReact } from "./used.ts";

let tarballs: Record<Published, Tarball>;
let project: Project;
beforeAll(async () => {
  if (!(await isRegistryReachable())) await skipCaller("the npm registry can't be reached");
  const cleanUp = new CleanUp();
  const directory = await mkdtemp(join(tmpdir(), "switchyard-tarballs-"));
  cleanUp.add(() => rm(directory, { recursive: true }));
  tarballs = await packAll(directory);
  project = await Project.begin({});
  cleanUp.add(project.remove);
  await project.install(Object.values(tarballs), ["react@19", "@types/react@19"]);
  return cleanUp.run;
});

describe.for(published)("%s", (folder) => {
  test("publint and Are The Types Wrong find nothing", async () => {
    expect(await findingsOf(tarballs[folder])).toEqual([]);
  });

  test("the tarball has the package and nothing else", async () => {
    const { output } = await project.run({}, "tar", "--list", "--file", tarballs[folder].path);
    const files = output.trim().split("\n");
    expect(
      files.filter((path) => !/^package\/(dist\/[\w-]+\.(js|d\.ts|css)|\w+\.md|LICENSE|package\.json)$/.test(path)),
    ).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining(["README.md", "LICENSE", "CHANGELOG.md"].map((name) => `package/${name}`)),
    );
  });
});

test("it is imported in Node, from either kind of module, and brings no code of the workspace", async () => {
  await project.write({
    "imported.mjs": `
      import { connect, CommandError } from "@switchyard/client";
      import * as dialects from "@switchyard/client/match";
      import * as all from "@switchyard/client/browser";
      if (typeof connect !== "function" || dialects.match.name !== "match" || all.random.name !== "random") throw new Error();
      console.log(import.meta.resolve("@switchyard/client"), new CommandError({ code: "closed" }).code);
    `,
    "required.cjs": `console.log(typeof require("@switchyard/client").connect);`,
  });
  const imported = await project.run({}, "node", "imported.mjs");
  expect(imported.output).toMatch(/node_modules\/@switchyard\/client\/dist\/index\.js closed\n$/);
  expect(await project.run({}, "node", "required.cjs")).toEqual({ code: 0, output: "function\n" });
});

test("the hooks are imported on a server, and say that they are for clients", async () => {
  const { output } = await project.run({}, "head", "-n1", "node_modules/@switchyard/react/dist/index.js");
  expect(output).toBe('"use client";\n');
  await project.write({ "hooks.mjs": `console.log(typeof (await import("@switchyard/react")).useMatch);` });
  expect(await project.run({}, "node", "hooks.mjs")).toEqual({ code: 0, output: "function\n" });
});

/** The configuration of a project whose modules are found in that way. */
function configuration(moduleResolution: string, module: string): string {
  const compilerOptions = {
    strict: true,
    jsx: "react-jsx",
    noEmit: true,
    skipLibCheck: false,
    lib: ["es2024", "dom"],
    types: [],
    target: "es2022",
    module,
    moduleResolution,
  };
  return JSON.stringify({ compilerOptions, files: ["client.ts", "react.tsx"] });
}

test.for([
  ["bundler", "esnext"],
  ["node16", "node16"],
  ["nodenext", "nodenext"],
] as const)("moduleResolution %s: what is right compiles, what is wrong does not", async ([way, module]) => {
  const name = `tsconfig.${way}.json`;
  await project.write({ "client.ts": usedClient, "react.tsx": usedReact, [name]: configuration(way, module) });
  expect(await project.run({}, "tsc", "-p", name)).toEqual({ code: 0, output: "" });
});

test("React 18: the types fit, and a server renders a call that has not begun", async () => {
  const former = await Project.begin({
    "client.ts": usedClient,
    "react.tsx": usedReact,
    "tsconfig.json": configuration("bundler", "esnext"),
    "rendered.mjs": `
      import { VideoCall } from "@switchyard/react";
      import { createElement, version } from "react";
      import { renderToString } from "react-dom/server";
      const call = { matchId: "m", userId: "ada", otherUserId: "bob", otherUserName: "Bob" };
      console.log(version, renderToString(createElement(VideoCall, call)));
    `,
  });
  onTestFinished(former.remove);
  await former.install(Object.values(tarballs), ["react@18", "react-dom@18", "@types/react@18"]);
  expect(await former.run({}, "tsc")).toEqual({ code: 0, output: "" });
  const { output } = await former.run({}, "node", "rendered.mjs");
  expect(output).toMatch(/^18\..*data-status="closed".*<p role="status">Waiting for the other one<\/p>/);
});

test("no page gets more bytes than its budget allows", async () => {
  const sizes = await sizesOf(budgets, project.directory);
  const over = budgets.flatMap(({ name, maxBytes }, index) => {
    const size = sizes[index] ?? Number.POSITIVE_INFINITY;
    return size > maxBytes ? [`${name}: ${size} of ${maxBytes} bytes`] : [];
  });
  process.stdout.write(`${budgets.map(({ name }, index) => `${name}: ${sizes[index]} bytes`).join("\n")}\n`);
  expect(over).toEqual([]);
});
