import { createAdapter, createShardedAdapter } from "@socket.io/redis-adapter";
import { Server } from "socket.io";
import { createReadyServer, listenUntilEnded, publisher, subscriber } from "../baseline.ts";
import type { Candidate } from "../side.ts";

// A relay as it is usually written with Socket.IO and its Redis adapter: a member of a room sends to the others in it.

const adapters = {
  classic: () => createAdapter(publisher, subscriber),
  sharded: () => createShardedAdapter(publisher, subscriber, { subscriptionMode: "dynamic" }),
  "sharded-private": () => createShardedAdapter(publisher, subscriber, { subscriptionMode: "dynamic-private" }),
};
const mode = process.env["ADAPTER"] as keyof typeof adapters;

const http = createReadyServer();
const io = new Server(http, { adapter: adapters[mode]() });

io.on("connection", (socket) => {
  socket.on("join", async (roomId: string, joined: () => void) => {
    await socket.join(roomId);
    joined();
  });
  socket.on("ice_candidate", ({ roomId, candidate }: { roomId: string; candidate: Candidate }) => {
    socket.to(roomId).emit("ice_candidate", { candidate });
  });
});

listenUntilEnded(http);
