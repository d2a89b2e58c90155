import { api } from "@switchyard/signaling";
import { afterEach, expect, test } from "vitest";
import { createHttp } from "../../../services/signaling/src/http/server.ts";

type Arguments = Parameters<typeof createHttp>;

const opened: ReturnType<typeof createHttp>[] = [];

/** The routes of a node without the node: none of those asked here needs it. */
async function open(environment: "development" | "production") {
  const config = { NODE_ENV: environment, ADMIN_TOKEN: undefined };
  const limits = { trust: false, takeRequest: async () => 0 };
  const parts = { config, accounts: {}, cluster: { store: {} }, metrics: {} } as unknown as Arguments[0];
  const security = { origins: "*", limits, metrics: {} } as unknown as Arguments[1];
  const http = createHttp(parts, security, { error: () => {} } as unknown as Arguments[2]);
  opened.push(http);
  await http.ready();
  return http;
}

afterEach(async () => {
  for (const http of opened.splice(0)) await http.close();
});

test("the specification is at /docs, to read and as it is", async () => {
  const http = await open("development");
  const page = await http.inject("/docs");
  const document = await http.inject("/docs/json");
  expect(page.headers["content-type"]).toContain("text/html");
  expect(page.body).toContain("swagger-ui-bundle.js");
  expect(Object.keys(document.json<{ paths: object }>().paths)).toEqual([...new Set(api.map(({ path }) => path))]);
});

test("in production there is nothing at /docs", async () => {
  const http = await open("production");
  expect((await http.inject("/docs")).statusCode).toBe(404);
  expect((await http.inject("/docs/json")).statusCode).toBe(404);
});

test("every route that it describes is served", async () => {
  const http = await open("production");
  const missing = api.filter(({ method, path }) => {
    const url = path.replaceAll(/\{(\w+)\}/g, ":$1");
    return !http.hasRoute({ method: method.toUpperCase(), url });
  });
  expect(missing).toEqual([]);
});
