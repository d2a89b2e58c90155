import { type WebSocket, WebSocketServer } from "ws";
import { createReadyServer, listenUntilEnded, publisher, subscriber } from "../baseline.ts";

// The limit of what Node, a WebSocket and Redis pub/sub can do: one channel per direction, frames passed on as they came, nothing
// parsed, nothing checked. A connection's first frame is `<channel to publish to> <channel to listen to>`.

const listeners = new Map<string, WebSocket>();

const http = createReadyServer();
const server = new WebSocketServer({ server: http });

subscriber.on("messageBuffer", (channel: Buffer, frame: Buffer) => {
  listeners.get(channel.toString("latin1"))?.send(frame, { binary: false });
});

server.on("connection", (connection) => {
  connection.once("message", async (first: Buffer) => {
    const [outgoing = "", incoming = ""] = first.toString().split(" ");
    connection.on("message", (frame: Buffer) => publisher.publish(outgoing, frame));
    connection.once("close", () => {
      listeners.delete(incoming);
      subscriber.unsubscribe(incoming);
    });
    listeners.set(incoming, connection);
    await subscriber.subscribe(incoming);
    connection.send("joined");
  });
});

listenUntilEnded(http);
