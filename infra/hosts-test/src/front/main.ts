import { nodeTimeoutOf, ReverseProxy } from "@switchyard/proxy";
import { readConfig, stopWithParent } from "@switchyard/runtime";

/** The reverse proxy of `npm start`, on a host of its own. Arguments: its port, then `host:port` of each node. */
const [port, ...nodes] = process.argv.slice(2);

const proxy = new ReverseProxy({
  nodes: nodes.map((node, index) => {
    const [host = "", nodePort] = node.split(":");
    return { name: `node-${index + 1}`, host, port: Number(nodePort) };
  }),
  nodeTimeoutMs: nodeTimeoutOf(readConfig(["PING_INTERVAL_MS", "PING_TIMEOUT_MS"], {})),
  log: (text) => void process.stderr.write(`${text}\n`),
});
process.send?.({ port: await proxy.listen(Number(port), "0.0.0.0") });
stopWithParent();
