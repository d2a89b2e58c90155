import { createServer } from "node:http";
import { createLogger, notifyParent, processId, stopOnSignals, stopWithParent } from "@switchyard/runtime";

/**
 * The smallest service that a launcher can run. `STAND_IN` makes it misbehave: `broken` at the start, `unready` from
 * then on, `stubborn` at the end.
 */
const { PORT, HOST, NODE_NAME = "unnamed", REDIS_URL, STAND_IN } = process.env;
const logger = createLogger("info", { service: "stand-in", node: NODE_NAME });
const node = processId(NODE_NAME);

/** As those of the services are: no connection is closed while a request is sent into it. */
const KEEP_ALIVE_MS = 72_000;

const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
  if (request.url === "/readyz") response.writeHead(STAND_IN === "unready" ? 503 : 200).end();
  else response.end(JSON.stringify({ status: "ok", node, redis: REDIS_URL }));
});
const stop = async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
};

if (STAND_IN === "broken") {
  process.stderr.write("The stand-in was told to be broken.\n");
  process.exit(1);
}
if (STAND_IN === "stubborn") process.on("SIGTERM", () => logger.warn("not now"));
else stopOnSignals(logger, stop);
stopWithParent();
server.listen(Number(PORT), HOST, () => {
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  logger.info({ port }, "listening");
  notifyParent({ node, port });
});
