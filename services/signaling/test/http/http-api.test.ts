import { readdirSync, readFileSync } from "node:fs";
import { startCluster, type TestCluster } from "@switchyard/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { api } from "../../src/http/api.ts";
import type { ApiRoute } from "../../src/http/api-route.ts";
import { patient } from "../patient.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, matchmakers: 0, environment: { ...patient, ADMIN_TOKEN: "operators" } });
  return cluster.stop;
});

const sources = new URL("../../src/http/", import.meta.url);
const account = { username: `ann-${crypto.randomUUID().slice(0, 8)}`, password: "correct horse" };

/** Asks as the specification says. */
async function ask({ method, path, bearers, body }: ApiRoute, sent: object | undefined): Promise<Response> {
  const headers = {
    ...(bearers ? { authorization: "Bearer operators" } : {}),
    ...(body ? { "content-type": "application/json" } : {}),
  };
  const init = { method: method.toUpperCase(), headers, ...(body ? { body: JSON.stringify(sent) } : {}) };
  const asked = path.replace("{roomId}", "there is none").replace("{file}", "socket.io.js").replace("{id}", "none");
  return fetch(cluster.node(0).url + asked, init);
}

/** The answer is one that the specification has, in the form that it has. */
async function check(route: ApiRoute, response: Response): Promise<void> {
  const specified = route.responses[response.status];
  expect(specified, `${route.path} answered ${response.status}`).toBeDefined();
  if (!specified) return;
  const contents = Array.isArray(specified.content) ? specified.content : [specified.content];
  const type = response.headers.get("content-type") ?? "";
  if (!type.startsWith("application/json")) return expect(contents).toContain(type.split(";")[0]);
  const schema = contents.find((content) => typeof content !== "string");
  const body: unknown = await response.json();
  expect(schema?.parse(body)).toEqual(body); // nothing missing, nothing more
}

test("the routes that there are, are those of the specification", () => {
  const files = readdirSync(sources, { encoding: "utf8", recursive: true }).filter((file) => file.endsWith(".ts"));
  const texts = files.map((file) => readFileSync(new URL(file, sources), "utf8"));
  const there = texts.flatMap((text) => [...text.matchAll(/http\.(get|post|delete)\(\s*"([^"]+)"/g)]);
  const named = there.map(([, method, path = ""]) => `${method} ${path.replace(/:(\w+)/g, "{$1}")}`);
  expect(named.filter((name) => !name.includes("/docs")).sort()).toEqual(
    api.map(({ method, path }) => `${method} ${path}`).sort(),
  );
});

describe.for(api)("$method $path", (route) => {
  test("answers as the specification says, to good and to bad requests", async () => {
    await check(route, await ask(route, account));
    await check(route, await ask(route, account)); // a name is taken then
    await check(route, await ask(route, { username: 7 }));
    await check(route, await ask(route, { ...account, password: "wrong password" }));
    const { bearers: _, ...anonymous } = route;
    await check(route, await ask(anonymous, account));
  });
});
