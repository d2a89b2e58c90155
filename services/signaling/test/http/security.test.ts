import { randomBytes } from "node:crypto";
import { type Service, startCluster, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";

const APP = "https://app.example";
const ELSEWHERE = "https://elsewhere.example";

let cluster: TestCluster;
let open: Service;
let closed: Service;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 0, matchmakers: 0, environment: patient });
  [open, closed] = await Promise.all([
    cluster.start("signaling"),
    cluster.start("signaling", {
      NODE_ENV: "production",
      JWT_SECRET: randomBytes(32).toString("hex"),
      CORS_ORIGIN: `${APP}, *`,
      CLIENT_URL: "https://second.example",
    }),
  ]);
  return cluster.stop;
});

const ways = [
  ["HTTP", "/health"],
  ["Socket.IO", "/socket.io/?EIO=4&transport=polling"],
] as const;

describe.each(ways)("CORS of %s", (_, path) => {
  const ask = (node: Service, origin: string, init: RequestInit = {}) =>
    fetch(node.url + path, { ...init, headers: { origin, ...init.headers } });
  const allowed = ({ headers }: Response) => [
    headers.get("access-control-allow-origin"),
    headers.get("access-control-allow-credentials"),
  ];

  test("a node with named origins lets these read answers, with credentials", async () => {
    for (const origin of [APP, "https://second.example"]) {
      const response = await ask(closed, origin);
      expect(response.status).toBe(200);
      expect(allowed(response)).toEqual([origin, "true"]);
      expect(response.headers.get("vary")).toMatch(/origin/i);
    }
  });

  test("it lets no others", async () => {
    for (const origin of [ELSEWHERE, `${APP}.elsewhere.example`, "http://app.example", "null"]) {
      expect(allowed(await ask(closed, origin))[0]).toBeNull();
    }
  });

  test("browsers that ask first are told the same", async () => {
    const preflight = (origin: string) =>
      ask(closed, origin, {
        method: "OPTIONS",
        headers: { "access-control-request-method": "POST", "access-control-request-headers": "content-type" },
      });
    const [yes, no] = await Promise.all([preflight(APP), preflight(ELSEWHERE)]);
    expect([yes.status, ...allowed(yes)]).toEqual([204, APP, "true"]);
    expect(yes.headers.get("access-control-allow-methods")).toContain("POST");
    expect(yes.headers.get("access-control-allow-headers")).toBe("content-type");
    expect(allowed(no)[0]).toBeNull();
  });

  test("who asks what a path takes, and is no browser, gets no error", async () => {
    for (const headers of [{}, { origin: APP }, { "access-control-request-method": "POST" }]) {
      const answer = await fetch(closed.url + path, { method: "OPTIONS", headers: headers as Record<string, string> });
      expect([answer.status, await answer.text()]).toEqual([204, ""]);
    }
  });

  test("outside production and with none named, all may, without credentials", async () => {
    expect(allowed(await ask(open, ELSEWHERE))).toEqual(["*", null]);
  });
});

describe("who may connect", () => {
  const connects = async (node: Service, origin: string | undefined, transport: string) => {
    const client = cluster.client(node, {
      transports: [transport],
      reconnection: false,
      timeout: 60_000,
      ...(origin === undefined ? {} : { extraHeaders: { origin } }),
    });
    let refused = false;
    client.socket.on("connect_error", () => {
      refused = true;
    });
    await until("a client to be connected or refused", () => refused || client.socket.connected);
    client.leave();
    return !refused;
  };

  test.each(["websocket", "polling"])(
    "by %s: pages of a named origin, pages from here, and what is no page",
    async (way) => {
      const { port } = closed;
      for (const origin of [APP, `http://127.0.0.1:${port}`, `https://127.0.0.1:${port}`, undefined]) {
        expect(await connects(closed, origin, way), String(origin)).toBe(true);
      }
      for (const origin of [ELSEWHERE, "null", "http://127.0.0.1:1", "nonsense"]) {
        expect(await connects(closed, origin, way), origin).toBe(false);
      }
      expect(await connects(open, ELSEWHERE, way)).toBe(true);
    },
  );

  test("others are told", async () => {
    const headers = { origin: ELSEWHERE };
    const response = await fetch(`${closed.url}/socket.io/?EIO=4&transport=polling`, { headers });
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ error: expect.any(String), code: "unauthorized" });
  });
});

describe("headers for browsers", () => {
  test.each(["/", "/health", "/metrics", "/nowhere"])("%s", async (path) => {
    const { headers } = await fetch(closed.url + path);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("x-frame-options")).toBe("SAMEORIGIN");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("strict-transport-security")).toBeNull();
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("media-src 'self' blob: mediastream:;");
    expect(policy).not.toMatch(/unsafe|upgrade-insecure-requests/);
  });
});

test("the specification may style itself, no other page may; in production there is none", async () => {
  for (const path of ["/docs", "/docs/static/index.html"]) {
    const response = await fetch(open.url + path);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-security-policy")).toContain("style-src 'self' 'unsafe-inline'");
    expect(response.headers.get("content-security-policy")).not.toContain("script-src 'self' 'unsafe");
    expect((await fetch(closed.url + path)).status).toBe(404);
  }
  expect((await fetch(open.url)).headers.get("content-security-policy")).not.toContain("unsafe");
});
