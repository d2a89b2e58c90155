import type { Acknowledged, chat } from "@switchyard/client-types";
import type { Socket } from "socket.io-client";

export type ChatSocket = Socket<chat.ServerToClientEvents, Acknowledged<chat.ClientToServerEvents>>;
