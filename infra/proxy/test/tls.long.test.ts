import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { connect as connectHttp2 } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { promisify } from "node:util";
import { io } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hostAddress, type NginxContainer, reasonAgainstNginx, startNginx } from "./nginx-container.ts";
import { startSocketNodes } from "./socket-node.ts";

const run = promisify(execFile);
const STORY = "nginx with TLS";
const reason = (await reasonAgainstNginx()) ?? (await reasonAgainstCertificates());

if (reason === undefined) describe(STORY, describeTls);
else test(STORY, ({ skip }) => skip(reason));

function describeTls(): void {
  const toClose: (() => unknown)[] = [];
  let nginx: NginxContainer;

  beforeAll(async () => {
    const directory = await selfSigned();
    toClose.push(() => rm(directory, { recursive: true }));
    const { nodes } = await startSocketNodes(1, await hostAddress(), toClose);
    nginx = await startNginx({
      nodes: nodes.map(({ host, port }) => `${host}:${port}`),
      environment: { NGINX_LISTEN: "tls" },
      args: ["--volume", `${directory}:/etc/nginx/tls:ro`],
    });
    toClose.push(nginx.remove);
  });
  afterAll(async () => {
    for (const close of toClose.splice(0).reverse()) await close();
  });

  test("speaks TLS 1.3 and nothing older", async () => {
    expect(await protocolOf(nginx.address, "TLSv1.3")).toBe("TLSv1.3");
    await expect(protocolOf(nginx.address, "TLSv1.2")).rejects.toThrow();
  });

  test("speaks HTTP/2, and says once that it is here to stay", async () => {
    const session = connectHttp2(`https://${nginx.address}:8443`, { rejectUnauthorized: false });
    try {
      const stream = session.request({ ":path": "/whoami" });
      const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
        stream.once("response", resolve);
        session.once("error", reject);
      });
      expect(headers[":status"]).toBe(200);
      expect(headers["strict-transport-security"]).toBe("max-age=31536000");
      expect(JSON.parse(Buffer.concat(await stream.toArray()).toString())).toMatchObject({
        headers: { "x-forwarded-proto": "https" },
      });
    } finally {
      session.destroy();
    }
  });

  test.for([["polling"], ["websocket"]])("a client connects by %s", async (transports) => {
    const socket = io(`https://${nginx.address}:8443`, { transports, rejectUnauthorized: false, forceNew: true });
    try {
      expect(await new Promise((resolve, reject) => socket.once("hello", resolve).once("connect_error", reject))).toBe(
        "node-1",
      );
    } finally {
      socket.disconnect();
    }
  });

  test("sends who comes without TLS there", async () => {
    const answer = await fetch(`http://${nginx.address}:8080/a?b=c`, { redirect: "manual" });
    expect(answer.status).toBe(308);
    expect(answer.headers.get("location")).toBe(`https://${nginx.address}/a?b=c`);
  });
}

function protocolOf(host: string, maxVersion: "TLSv1.2" | "TLSv1.3"): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connectTls({ host, port: 8443, maxVersion, rejectUnauthorized: false }, () => {
      resolve(socket.getProtocol());
      socket.destroy();
    });
    socket.once("error", reject);
  });
}

function reasonAgainstCertificates(): Promise<string | undefined> {
  return run("openssl", ["version"]).then(
    () => undefined,
    () => "there is no openssl to make a certificate with",
  );
}

/** @returns a directory with a certificate and its key, readable by the user that nginx runs as */
async function selfSigned(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-tls-"));
  const [key, certificate] = ["privkey.pem", "fullchain.pem"].map((name) => join(directory, name)) as [string, string];
  const subject = ["-subj", "/CN=switchyard.test", "-days", "1"];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  await run("openssl", ["req", "-x509", ...kind, ...subject, "-keyout", key, "-out", certificate]);
  await Promise.all([chmod(directory, 0o755), chmod(key, 0o644)]);
  return directory;
}
