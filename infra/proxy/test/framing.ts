import { afterEach, expect, test } from "vitest";
import { headersSeen } from "./clients.ts";
import type { OpenProxyWith } from "./proxy-under-test.ts";
import { sendRaw } from "./raw-request.ts";

const HIDDEN = "GET /hidden HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n";

/** The reverse proxy decides where a request ends, and the node must see it alike. */
export function describeFraming(openWith: OpenProxyWith): void {
  const toClose: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of toClose.splice(0).reverse()) await close();
  });

  /** A reverse proxy, its own address for this client, and the paths that its node is asked for. */
  async function watched() {
    const { url, nodes } = await openWith(1, toClose);
    const { "x-forwarded-for": own } = await headersSeen(url, {});
    const seen: { readonly path: string | undefined; readonly from: unknown; readonly host: unknown }[] = [];
    for (const { io } of nodes) {
      io.httpServer.prependListener("request", ({ url: path, headers }) => {
        if (path === "/readyz") return;
        seen.push({ path, from: String(headers["x-forwarded-for"]).split(", ").at(-1), host: headers.host });
      });
    }
    return { url, own, seen };
  }

  const framings = {
    "Content-Length": [`Content-Length: ${HIDDEN.length}`, HIDDEN],
    "Transfer-Encoding": ["Transfer-Encoding: chunked", `${HIDDEN.length.toString(16)}\r\n${HIDDEN}\r\n0\r\n\r\n`],
  } as const;
  for (const [name, [framing, body]] of Object.entries(framings)) {
    for (const method of ["GET", "POST"]) {
      test(`a body of ${method} stays one, though Connection names ${name}`, async () => {
        const { url, own, seen } = await watched();
        for (const spelling of [name, name.toLowerCase(), `keep-alive, ${name}`, `,${name} ,close`]) {
          const head = [`${method} /whole HTTP/1.1`, "Host: a", `Connection: ${spelling}`, framing, "", ""].join(
            "\r\n",
          );
          await sendRaw(url, `${head}${body}`);
          await headersSeen(url, {}); // over the same connection to the node, where it is kept
        }
        const [once, after] = [
          { path: "/whole", from: own, host: "a" },
          { path: "/whoami", from: own, host: new URL(url).host },
        ];
        expect(seen).toEqual([1, 2, 3, 4].flatMap(() => [once, after]));
      });
    }
  }

  test("what the front door says of the client is said, though Connection names it", async () => {
    const { url, own, seen } = await watched();
    const named = ["host", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"];
    const lines = [
      "GET /whoami HTTP/1.1",
      "Host: a",
      "X-Forwarded-For: 203.0.113.9",
      `Connection: ${named.join(", ")}`,
    ];
    const { text } = await sendRaw(url, `${lines.join("\r\n")}\r\n\r\n`);
    expect(seen).toEqual([{ path: "/whoami", from: own, host: "a" }]);
    expect(text).toContain('"x-forwarded-proto":"http"');
    expect(text).toContain('"x-forwarded-host":"a"');
  });
}
