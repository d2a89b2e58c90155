import { CommandError, type SignalNames } from "@switchyard/client";
import type { SignalingConnection } from "@switchyard/client/call";
import type { Ack } from "@switchyard/client-types";
import type { Socket } from "socket.io-client";
import { deliver } from "./deliver.ts";

const connected = { status: "connected", missed: false, sessionId: null, error: null } as const;

/** A page's socket, as the client's calls need it. */
export function signalingOver(
  socket: Socket,
  signals: SignalNames,
  token: () => string | undefined = () => undefined,
): SignalingConnection {
  return {
    url: "",
    dialect: { signals },
    state: { get: () => connected, subscribe: () => () => {} },
    token: async () => token(),
    on(event: string, listener: (...args: unknown[]) => void) {
      socket.on(event, listener);
      return () => void socket.off(event, listener);
    },
    async deliver(event: string, contents: readonly unknown[], isWanted = () => true) {
      const emit = async (): Promise<Ack> => socket.emitWithAck(event, ...contents);
      const answer = await deliver(emit, isWanted);
      if (answer?.ok === false) throw new CommandError(answer.error);
    },
  };
}
