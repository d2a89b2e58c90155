import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { Redis } from "ioredis";

/** The connections of a baseline's node to its Redis. */
export const publisher = connection(new Redis(process.env["REDIS_URL"] ?? ""));
export const subscriber = connection(publisher.duplicate());

/** A baseline can do nothing without its Redis: the node prints one line and ends. */
function connection(redis: Redis): Redis {
  redis.on("error", ({ message }: Error) => {
    process.stderr.write(`${process.env["NODE_NAME"]} lost its Redis: ${message}\n`);
    process.exit(1);
  });
  return redis;
}

/** The HTTP server of a baseline's node, which says that it is ready once both connections are, as a real node does. */
export function createReadyServer(): Server {
  let isReady = false;
  Promise.all([once(publisher, "ready"), once(subscriber, "ready")]).then(() => {
    isReady = true;
  });
  return createServer((request, response) => {
    response.writeHead(request.url === "/readyz" ? (isReady ? 200 : 503) : 404).end();
  });
}

/** Listens on `PORT` of `HOST` until SIGTERM. Nothing has to be finished then: the clients have gone before. */
export function listenUntilEnded(http: Server): void {
  process.once("SIGTERM", () => process.exit(0));
  http.listen(Number(process.env["PORT"]), process.env["HOST"]);
}
