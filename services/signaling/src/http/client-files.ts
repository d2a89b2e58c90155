import { readFile } from "node:fs/promises";
import type { Server as HttpServer, RequestListener } from "node:http";
import { createRequire } from "node:module";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { FastifyInstance } from "fastify";

/** The builds of `socket.io-client` that pages of stock servers load, each with its source map. */
export const clientFiles = ["", ".min", ".esm.min", ".msgpack.min"].flatMap((build) => [
  `socket.io${build}.js`,
  `socket.io${build}.js.map`,
]);

const paths: ReadonlySet<string> = new Set(clientFiles.map((file) => `/socket.io/${file}`));
const manifest = createRequire(import.meta.url).resolve("socket.io/package.json");
const compress = promisify(gzip);

interface ClientFile {
  readonly plain: Buffer;
  readonly gzipped: Buffer;
}

/**
 * `GET /socket.io/socket.io.js` and its like, as stock Socket.IO servers answer it: with the version as `ETag`, and to be asked for
 * again each time. Each file is compressed once, not for each request.
 */
export function addClientFiles(http: FastifyInstance): void {
  const { version } = createRequire(import.meta.url)(manifest) as { readonly version: string };
  const etag = `W/"${version}"`;
  const files = new Map<string, Promise<ClientFile>>();
  const read = (name: string) => {
    const file = files.get(name) ?? readClientFile(name);
    files.set(name, file);
    return file;
  };
  http.get("/socket.io/:file", async (request, reply) => {
    const { file: name } = request.params as { readonly file: string };
    if (!clientFiles.includes(name)) return reply.callNotFound();
    reply.header("cache-control", "public, max-age=0").header("etag", etag).header("vary", "accept-encoding");
    reply.header("cross-origin-resource-policy", "cross-origin"); // pages of other origins load it too
    if (request.headers["if-none-match"]?.includes(`"${version}"`)) return reply.code(304).send();
    const { plain, gzipped } = await read(name);
    reply.type(name.endsWith(".map") ? "application/json; charset=utf-8" : "application/javascript; charset=utf-8");
    if (!/\bgzip\b/.test(request.headers["accept-encoding"] ?? "")) return reply.send(plain);
    return reply.header("content-encoding", "gzip").send(gzipped);
  });
}

async function readClientFile(name: string): Promise<ClientFile> {
  const plain = await readFile(new URL(`client-dist/${name}`, `file://${manifest}`));
  return { plain, gzipped: await compress(plain) };
}

/**
 * Keeps requests for these files from Engine.IO, which takes all that lie below its path.
 * @param attach puts Engine.IO on the server
 */
export function besideClientFiles<Attached>(server: HttpServer, attach: () => Attached): Attached {
  const before = server.listeners("request") as RequestListener[];
  const attached = attach();
  const after = server.listeners("request") as RequestListener[];
  server.removeAllListeners("request");
  server.on("request", (request, response) => {
    const [path = ""] = (request.url ?? "").split("?", 1);
    for (const listener of paths.has(path) ? before : after) listener.call(server, request, response);
  });
  return attached;
}
