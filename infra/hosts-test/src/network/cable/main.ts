import { createSocket } from "node:dgram";
import { stopWithParent } from "@switchyard/runtime";
import { completeChecksum } from "./checksum.ts";

/** Where the kernel of this namespace takes packets from the tunnels. */
const [VXLAN_PORT, LOOPBACK] = [4789, "127.0.0.1"];

/**
 * The slow cables of all hosts, in the router's namespace: each host sends what it sends through a tunnel to a port here, from where it
 * goes on after a while, or not at all. Arguments: the delay in ms, the share that is lost, the ports.
 */
const [delayMs = 0, loss = 0, ...ports] = process.argv.slice(2).map(Number);

for (const port of ports) {
  const socket = createSocket("udp4");
  socket.on("message", (packet) => {
    if (Math.random() < loss) return;
    completeChecksum(packet);
    setTimeout(() => socket.send(packet, VXLAN_PORT, LOOPBACK), delayMs);
  });
  socket.bind(port, () => process.send?.({ port }));
}
stopWithParent();
