import type { Acknowledged, rooms } from "@switchyard/client-types";
import type { Socket } from "socket.io-client";

export type RoomsSocket = Socket<rooms.ServerToClientEvents, Acknowledged<rooms.ClientToServerEvents>>;
