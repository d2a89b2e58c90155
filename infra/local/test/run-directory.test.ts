import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { takeRunDirectory } from "../src/run-directory.ts";

function newPlace(): string {
  const place = mkdtempSync(join(tmpdir(), "switchyard-run-"));
  onTestFinished(() => rmSync(place, { recursive: true }));
  return join(place, ".run");
}

const modeOf = (path: string) => statSync(path).mode & 0o777;

async function take(directory: string): Promise<void> {
  const { release } = await takeRunDirectory(directory);
  onTestFinished(release);
}

test("a new run directory is for its owner only", async () => {
  const directory = newPlace();
  await take(directory);
  expect([modeOf(directory), modeOf(join(directory, "redis"))]).toEqual([0o700, 0o700]);
});

test("one that others can read and that holds something else is refused, and left as it is", async () => {
  const directory = newPlace();
  mkdirSync(directory);
  writeFileSync(join(directory, "thesis.txt"), "years of work");
  chmodSync(directory, 0o755);
  await expect(takeRunDirectory(directory)).rejects.toThrow(
    /^Others can read .*: make its mode 700, or set RUN_DIR\.$/,
  );
  expect(modeOf(directory)).toBe(0o755);
  chmodSync(directory, 0o700);
  await take(directory);
});
