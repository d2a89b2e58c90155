import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { freshClone, pnpm } from "./clone.ts";

vi.setConfig({ testTimeout: 120_000 }); // each starts many processes

const root = new URL("../../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root));
const list = JSON.parse(read("infra/bootstrap/node-binary.json").toString()) as {
  version: string;
  sha256: Record<string, string>;
};

test("the list is that of the version which is installed, and has the binary that is here", ({ skip }) => {
  const [, version] = /^ {2}node: (\S+)$/m.exec(read("pnpm-workspace.yaml").toString()) ?? [];
  expect(list.version).toBe(version);
  const listed = list.sha256[`${process.platform}-${process.arch}`];
  if (listed === undefined) return skip("this platform's binary is not listed");
  expect(createHash("sha256").update(read("node_modules/node/bin/node")).digest("hex")).toBe(listed);
});

test("another binary is refused before anything runs with it, each time, until it is the right one", async () => {
  const clone = await freshClone({ pnpm: pnpm("12.4.0") });
  const kept = await clone.read("infra/bootstrap/node-binary.json");
  await clone.write("infra/bootstrap/node-binary.json", kept.replaceAll(/"[0-9a-f]{64}"/g, `"${"0".repeat(64)}"`));
  for (const _ of ["first", "again"]) {
    const { code, output } = await clone.run(["test"]);
    expect(code).toBe(1);
    expect(output).toContain("The Node that was installed is not the binary of version");
    expect((await clone.log()).filter((line) => !line.startsWith("pnpm install"))).toEqual([]);
  }
  await clone.write("infra/bootstrap/node-binary.json", kept);
  expect((await clone.run(["test"])).code).toBe(0);
});

test("where the binary is not listed, that is said", async () => {
  const clone = await freshClone({ pnpm: pnpm("12.4.0") });
  await clone.write("infra/bootstrap/node-binary.json", '{ "version": "24.0.0", "sha256": {} }');
  const { code, output } = await clone.run(["test"]);
  expect([code, output]).toEqual([
    0,
    expect.stringMatching(/^Node's binary for \S+ is not in .*: it is not checked\.$/m),
  ]);
});
