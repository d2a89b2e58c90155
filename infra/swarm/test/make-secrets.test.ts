import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";

const program = fileURLToPath(new URL("../make-secrets", import.meta.url));
const stack = parse(readFileSync(new URL("../stack.yml", import.meta.url), "utf8")) as {
  secrets: Record<string, { name: string }>;
};
const wanted = Object.values(stack.secrets).map(({ name }) => name);
/** Keeps secrets in files, and shows none, as Docker's own program does. */
const docker = `#!/bin/sh
[ "$1" = secret ] || exit 2
case "$2" in
  inspect) test -e "$KEPT/$3" ;;
  create) cat >"$KEPT/$3" ;;
  *) exit 2 ;;
esac
`;

let directory = "";
const kept = (name: string) => readFileSync(join(directory, "kept", name), "utf8");
const make = () => {
  const environment = { KEPT: join(directory, "kept"), PATH: `${directory}:${process.env["PATH"]}` };
  return spawnSync(program, { env: environment, encoding: "utf8" });
};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "switchyard-secrets-"));
  mkdirSync(join(directory, "kept"));
  writeFileSync(join(directory, "docker"), docker, { mode: 0o755 });
});
afterEach(() => rmSync(directory, { recursive: true }));

test("every secret of the stack is made, and Redis knows the passwords", () => {
  expect(make().status).toBe(0);
  expect(readdirSync(join(directory, "kept")).toSorted()).toEqual(wanted.toSorted());
  const acl = kept("switchyard_users_acl");
  const users = wanted.flatMap((name) => /^switchyard_redis_(\w+)$/.exec(name)?.[1] ?? []);
  for (const user of users) {
    const hash = createHash("sha256")
      .update(kept(`switchyard_redis_${user}`))
      .digest("hex");
    expect(acl).toContain(`user ${user} on #${hash} `);
  }
  expect(acl).not.toContain("<SHA-256");
  expect(new Set(wanted.map(kept)).size).toBe(wanted.length);
});

test("those that are there are kept, and their values are printed nowhere", () => {
  const { stdout, stderr } = make();
  const before = wanted.map(kept);
  expect(make()).toMatchObject({ status: 0, stdout: "" });
  expect(wanted.map(kept)).toEqual(before);
  for (const secret of before) expect(stdout + stderr).not.toContain(secret);
});

test("half of Redis's passwords are not made: it would not know them", () => {
  writeFileSync(join(directory, "kept", "switchyard_redis_observer"), "kept");
  const { status, stderr } = make();
  expect(status).toBe(1);
  expect(stderr).toContain("switchyard_redis_observer is there");
});
