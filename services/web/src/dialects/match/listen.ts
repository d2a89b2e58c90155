import { errorText } from "../../shared/error-text.ts";
import type { MatchConnection } from "./signals.ts";
import type { MatchEvent } from "./state.ts";

interface Handlers {
  userId(): string | null;
  dispatch(event: MatchEvent): void;
  incoming(from: string): void;
  accepted(): void;
}

/** Turns what the server sends into events of the state, and hands on what needs more than that. */
export function listen(connection: MatchConnection, { userId, dispatch, incoming, accepted }: Handlers): void {
  connection.on("joined", ({ participants }) =>
    dispatch({ type: "joined", other: participants.find((participant) => participant !== userId()) ?? null }),
  );
  connection.on("user-joined", (other) => dispatch({ type: "other-joined", userId: other.userId }));
  connection.on("user-left", (other) => dispatch({ type: "other-left", userId: other.userId }));
  connection.on("incoming-call", ({ from }) => incoming(from));
  connection.on("call-accepted", accepted);
  connection.on("call-rejected", ({ from, reason }) =>
    dispatch({ type: "call-over", notice: `${from} did not take the call: ${reason}` }),
  );
  connection.on("call-ended", ({ from }) => dispatch({ type: "call-over", notice: `${from} has ended the call.` }));
  connection.on("server-shutdown", () =>
    dispatch({ type: "noticed", notice: "This node is about to stop. Another one takes over your connection." }),
  );
  connection.on("error", ({ type, message, retryAfterMs }) => {
    if (type === "replaced") dispatch({ type: "replaced" });
    else dispatch({ type: "noticed", notice: errorText(type, message, retryAfterMs) });
  });
}
