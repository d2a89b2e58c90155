import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { isDeepStrictEqual, promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ApiServer, startApiServer } from "./api-server.ts";
import { helmBinary } from "./binaries.ts";
import { chart, type KubernetesObject, parseObjects } from "./rendering.ts";

const run = promisify(execFile);
let server: ApiServer;

beforeEach(async ({ skip }) => {
  if (helmBinary.missing !== undefined) skip(helmBinary.missing);
  server = await startApiServer();
});
afterEach(() => server?.close());

/** What `helm upgrade` would send to the cluster as it is. */
async function upgrade(...values: readonly string[]): Promise<KubernetesObject[]> {
  const at = [
    "--dry-run=server",
    "--disable-openapi-validation",
    "--kube-apiserver",
    server.url,
    "--namespace",
    "switchyard",
  ];
  const set = values.flatMap((value) => ["--set", value]);
  const { stdout } = await run(helmBinary.path ?? "", ["template", "calls", chart, ...at, ...set], {
    env: { HOME: "/nonexistent", PATH: "" },
  });
  const objects = parseObjects(stdout);
  server.install("calls", objects);
  return objects;
}

function find(objects: readonly KubernetesObject[], of: string, component: string): KubernetesObject | undefined {
  return objects.find(({ kind, metadata }) => kind === of && metadata.name === `calls-switchyard-${component}`);
}

function textOf(objects: readonly KubernetesObject[], component: string, key: string): string {
  return Buffer.from(find(objects, "Secret", component)?.data?.[key] ?? "", "base64").toString();
}

test("an upgrade with the same values changes nothing, made secrets included", async () => {
  const first = await upgrade();
  expect(textOf(first, "signaling", "jwt_secret")).toMatch(/^\w{64}$/);
  expect(await upgrade()).toEqual(first);
});

test("Redis knows the passwords that the services got, and each of them another one", async () => {
  const objects = await upgrade();
  const passwords = [
    ["signaling", textOf(objects, "signaling", "redis_signaling")],
    ["matchmaker", textOf(objects, "matchmaker", "redis_matchmaker")],
    ["observer", textOf(objects, "operators", "redis_observer")],
    ["operator", textOf(objects, "operators", "redis_operator")],
    ["admin", textOf(objects, "redis", "admin")],
  ] as const;
  const acl = textOf(objects, "redis", "users.acl");
  for (const [user, password] of passwords) {
    expect(acl).toContain(`user ${user} on #${createHash("sha256").update(password).digest("hex")} `);
  }
  expect(new Set(passwords.map(([, password]) => password)).size).toBe(passwords.length);
});

test("a secret that is given replaces the kept one, and new pods read it", async () => {
  const first = await upgrade();
  const second = await upgrade("secrets.jwtSecret=given-to-the-chart-by-its-operator");
  expect(textOf(second, "signaling", "jwt_secret")).toBe("given-to-the-chart-by-its-operator");
  const isSame = (component: string) =>
    isDeepStrictEqual(find(second, "Deployment", component), find(first, "Deployment", component));
  expect([isSame("signaling"), isSame("matchmaker"), isSame("sy")]).toEqual([false, true, true]);
});
