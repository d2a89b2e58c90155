import { errorText } from "../../shared/error-text.ts";
import type { MatchSocket } from "./signals.ts";
import type { MatchEvent } from "./state.ts";

interface Handlers {
  userId(): string | null;
  dispatch(event: MatchEvent): void;
  incoming(from: string): void;
  accepted(): void;
}

/** Turns what the server sends into events of the state, and hands on what needs more than that. */
export function listen(socket: MatchSocket, { userId, dispatch, incoming, accepted }: Handlers): void {
  socket.on("joined", ({ participants }) =>
    dispatch({ type: "joined", other: participants.find((participant) => participant !== userId()) ?? null }),
  );
  socket.on("user-joined", (other) => dispatch({ type: "other-joined", userId: other.userId }));
  socket.on("user-left", (other) => dispatch({ type: "other-left", userId: other.userId }));
  socket.on("incoming-call", ({ from }) => incoming(from));
  socket.on("call-accepted", accepted);
  socket.on("call-rejected", ({ from, reason }) =>
    dispatch({ type: "call-over", notice: `${from} did not take the call: ${reason}` }),
  );
  socket.on("call-ended", ({ from }) => dispatch({ type: "call-over", notice: `${from} has ended the call.` }));
  socket.on("server-shutdown", () =>
    dispatch({ type: "noticed", notice: "This node is about to stop. Another one takes over your connection." }),
  );
  socket.on("error", ({ type, message, retryAfterMs }) => {
    if (type === "replaced") dispatch({ type: "replaced" });
    else dispatch({ type: "noticed", notice: errorText(type, message, retryAfterMs) });
  });
}
