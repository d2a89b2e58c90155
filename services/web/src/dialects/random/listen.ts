import { errorText } from "../../shared/error-text.ts";
import type { RandomSocket } from "./signals.ts";
import type { PartnerFound, RandomEvent } from "./state.ts";

interface Handlers {
  dispatch(event: RandomEvent): void;
  found(partner: PartnerFound): void;
}

/** Turns what the server sends into events of the state, and hands on what needs more than that. */
export function listen(socket: RandomSocket, { dispatch, found }: Handlers): void {
  socket.on("waiting_for_partner", ({ position = null, estimatedWaitMs = null }) =>
    dispatch({ type: "waiting_for_partner", position, estimatedWaitMs }),
  );
  socket.on("partner_found", found);
  socket.on("partner_disconnected", () => dispatch({ type: "partner_disconnected" }));
  socket.on("new_message", (message) => dispatch({ type: "new_message", message }));
  socket.on("user_typing", ({ isTyping }) => dispatch({ type: "user_typing", isTyping }));
  socket.on("user_count_update", ({ count }) => dispatch({ type: "user_count_update", count }));
  socket.on("server-shutdown", () =>
    dispatch({ type: "noticed", notice: "This node is about to stop. Another one takes over your connection." }),
  );
  socket.on("error", (error) =>
    dispatch({ type: "error", error, text: errorText(error.type, error.message, error.retryAfterMs) }),
  );
}
