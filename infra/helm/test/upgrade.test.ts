import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { helmBinary } from "../src/rendering/helm.ts";
import type { KubernetesObject } from "../src/rendering/objects.ts";
import { Release } from "../src/rendering/release.ts";

let release: Release;

beforeEach(async ({ skip }) => {
  if (helmBinary.missing !== undefined) skip(helmBinary.missing);
  release = await Release.open();
});
afterEach(() => release?.close());

function find(objects: readonly KubernetesObject[], of: string, component: string): KubernetesObject | undefined {
  return objects.find(({ kind, metadata }) => kind === of && metadata.name === `calls-switchyard-${component}`);
}

function textOf(objects: readonly KubernetesObject[], component: string, key: string): string {
  return Buffer.from(find(objects, "Secret", component)?.data?.[key] ?? "", "base64").toString();
}

test("an upgrade with the same values changes nothing, made secrets included", async () => {
  const first = await release.upgrade();
  expect(textOf(first, "signaling", "jwt_secret")).toMatch(/^\w{64}$/);
  expect(await release.upgrade()).toEqual(first);
});

test("Redis knows the passwords that the services got, and each of them another one", async () => {
  const objects = await release.upgrade();
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
  const first = await release.upgrade();
  const second = await release.upgrade("secrets.jwtSecret=given-to-the-chart-by-its-operator");
  expect(textOf(second, "signaling", "jwt_secret")).toBe("given-to-the-chart-by-its-operator");
  const isSame = (component: string) =>
    isDeepStrictEqual(find(second, "Deployment", component), find(first, "Deployment", component));
  expect([isSame("signaling"), isSame("matchmaker"), isSame("sy")]).toEqual([false, true, true]);
});
