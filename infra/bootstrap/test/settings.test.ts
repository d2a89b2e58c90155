import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { settings } from "../../../packages/runtime/src/settings.ts";
import { neutralize } from "../../../packages/testkit/src/neutral-environment.ts";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const run = promisify(execFile);

test("tests run without the settings of whoever starts them", () => {
  const names = Object.keys(settings).flatMap((name) => [name, `${name}_FILE`]);
  const set = names.filter((name) => process.env[name] && name !== "NODE_ENV");
  expect([process.env["NODE_ENV"], ...set]).toEqual(["test"]);
});

test("that holds whatever is set", { timeout: 60_000 }, async () => {
  const production = {
    NODE_ENV: "production",
    TOKEN_MODE: "required",
    JWT_SECRET_FILE: "/run/secrets/none",
    PORT: "80",
  };
  const args = [
    "node_modules/.bin/vitest",
    "run",
    fileURLToPath(import.meta.url),
    "-t",
    "tests run without the settings",
  ];
  const environment = { ...process.env, ...production };
  const { stdout } = await run("/usr/bin/env", args, { cwd: repository, env: environment });
  expect(stdout).toMatch(/1 passed/);
});

test("a cluster that a test starts does not take them from `.env`", async () => {
  const root = await mkdtemp(join(tmpdir(), "switchyard-settings-"));
  onTestFinished(() => rm(root, { recursive: true }));
  await writeFile(join(root, ".env"), "TOKEN_MODE=required\nNODE_ENV=production\nexport JWT_SECRET='x'\nOTHER=y\n");
  const environment: NodeJS.ProcessEnv = { PATH: "/bin", TOKEN_MODE: "required", LOG_LEVEL: "trace", HOME: "/root" };
  neutralize(environment, root);
  expect(environment).toEqual({ PATH: "/bin", HOME: "/root", NODE_ENV: "test", TOKEN_MODE: "", JWT_SECRET: "" });
  const read = "process.loadEnvFile('.env'); console.log(JSON.stringify(process.env))";
  const { stdout } = await run(process.execPath, ["--eval", read], { cwd: root, env: environment });
  expect(JSON.parse(stdout)).toMatchObject({ ...environment, OTHER: "y" });
});
