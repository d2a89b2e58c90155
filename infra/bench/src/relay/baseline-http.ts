import { createServer, type Server } from "node:http";

/** The HTTP server of a baseline node, which says that it is ready once `ready` is resolved, as a real node does. */
export function createReadyServer(ready: Promise<unknown>): Server {
  let isReady = false;
  ready.then(() => {
    isReady = true;
  });
  return createServer((request, response) => {
    response.writeHead(request.url === "/readyz" ? (isReady ? 200 : 503) : 404).end();
  });
}
