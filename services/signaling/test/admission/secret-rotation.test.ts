import { type Environment, type Service, startCluster, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { openAddress, renew, type ServedAddress } from "../lifecycle/rolling.ts";
import { patient } from "../patient.ts";
import { type Bearer, openBearer, tokenFor } from "./tokens.ts";

const old = "Wq4nT8sL1vB6yE3mK9pR2dH7jF5cX0gZ";
const next = "aJ3fP8kV1tN6rC9wM4xB7eS2hL5qD0uG";
/** The secrets of the nodes in each step; between two of them, some have the one and some the other. */
const steps = {
  before: { JWT_SECRET: old },
  announced: { JWT_SECRET: old, JWT_SECRETS_ACCEPTED: next },
  changed: { JWT_SECRET: next, JWT_SECRETS_ACCEPTED: old },
  done: { JWT_SECRET: next },
} as const;

let cluster: TestCluster;
let places: ServedAddress[];
beforeAll(async () => {
  const environment = { ...patient, NODE_ENV: "production", TOKEN_MODE: "required", SHUTDOWN_MS: 200 };
  cluster = await startCluster({ nodes: 0, matchmakers: 0, environment });
  return cluster.stop;
});
beforeAll(async () => {
  places = await Promise.all([0, 1].map(() => openAddress(cluster, steps.before)));
});

const stop = (node: Service) => node.stop();
const urlOf = (place: ServedAddress | undefined) => ({ url: place?.proxy.url ?? "" });

/** A token of the accounts, from one place. */
async function tokenFrom(place: ServedAddress, route: "register" | "login", username: string): Promise<string> {
  const response = await fetch(`${place.node.url}/api/auth/${route}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username, password: "correct horse" }),
  });
  return ((await response.json()) as { token: string }).token;
}

async function expectAccepted(place: ServedAddress, token: string): Promise<void> {
  const { client } = openBearer(cluster, urlOf(place), token, { namespace: "/chat" });
  await client.connected();
  client.leave();
}

async function expectRefused(place: ServedAddress, token: string): Promise<void> {
  const bearer = openBearer(cluster, urlOf(place), token, { namespace: "/chat" });
  const refusal = await until("a refusal", () => bearer.errors[0]);
  expect(refusal).toMatchObject({ data: { code: "unauthorized" } });
}

/** Renews one place after the other, and after each of them sees whether tokens from anywhere are good everywhere. */
async function roll(environment: Environment, username: string): Promise<void> {
  for (const place of places) {
    await renew(cluster, place, environment, stop);
    for (const from of places) {
      const token = await tokenFrom(from, "login", username);
      for (const to of places) await expectAccepted(to, token);
    }
  }
}

test("a secret is changed in three rolls, and nobody who has a token is thrown out, or kept out", async () => {
  const [here] = places as [ServedAddress];
  const username = `ann-${crypto.randomUUID().slice(0, 8)}`;
  const account = await tokenFrom(here, "register", username);
  const bearers = places.map((place) => openBearer(cluster, urlOf(place), tokenFor(old, { sub: username }, 600)));
  const stay = async (bearer: Bearer, connects: number) => {
    await bearer.client.connected(connects);
    const id = bearer.client.connections[0]?.id;
    expect(bearer.client.connections.slice(1)).toEqual(Array(connects - 1).fill({ id, recovered: true }));
    expect(bearer.errors).toEqual([]);
  };
  await Promise.all(bearers.map((bearer) => stay(bearer, 1)));

  await roll(steps.announced, username);
  await roll(steps.changed, username);
  await Promise.all(bearers.map((bearer) => stay(bearer, 3))); // each place was renewed twice
  for (const place of places) await expectAccepted(place, account);

  for (const bearer of bearers) bearer.token = tokenFor(next, { sub: username }, 600);
  await roll(steps.done, username);
  await Promise.all(bearers.map((bearer) => stay(bearer, 4)));
  for (const place of places) {
    await expectRefused(place, account);
    await expectRefused(place, tokenFor(old, { sub: username }));
  }
});

test("a token of a secret that is accepted no more ends the stay of who shows it", async () => {
  const [place] = places as [ServedAddress];
  await renew(cluster, place, steps.changed, stop);
  const bearer = openBearer(cluster, urlOf(place), tokenFor(old, { sub: "bob" }, 600));
  await bearer.client.connected();
  await renew(cluster, place, steps.done, stop);
  expect(await until("a refusal", () => bearer.errors[0])).toMatchObject({ data: { code: "unauthorized" } });
  expect(bearer.client.connects).toBe(1);
});
