import type { Acknowledged, random } from "@switchyard/client-types";
import type { Socket } from "socket.io-client";

type ClientEvents = random.ClientToServerEvents;
/** Everything is acknowledged, but that somebody types. */
export type RandomSocket = Socket<
  random.ServerToClientEvents,
  Acknowledged<Omit<ClientEvents, "typing">> & Pick<ClientEvents, "typing">
>;
