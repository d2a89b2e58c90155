import { errorText } from "../../shared/error-text.ts";
import type { RandomConnection } from "./signals.ts";
import type { PartnerFound, RandomEvent } from "./state.ts";

interface Handlers {
  dispatch(event: RandomEvent): void;
  found(partner: PartnerFound): void;
}

/** Turns what the server sends into events of the state, and hands on what needs more than that. */
export function listen(connection: RandomConnection, { dispatch, found }: Handlers): void {
  connection.on("waiting_for_partner", ({ position = null, estimatedWaitMs = null }) =>
    dispatch({ type: "waiting_for_partner", position, estimatedWaitMs }),
  );
  connection.on("partner_found", found);
  connection.on("partner_disconnected", () => dispatch({ type: "partner_disconnected" }));
  connection.on("new_message", (message) => dispatch({ type: "new_message", message }));
  connection.on("user_typing", ({ isTyping }) => dispatch({ type: "user_typing", isTyping }));
  connection.on("user_count_update", ({ count }) => dispatch({ type: "user_count_update", count }));
  connection.on("server-shutdown", () =>
    dispatch({ type: "noticed", notice: "This node is about to stop. Another one takes over your connection." }),
  );
  connection.on("error", (error) =>
    dispatch({ type: "error", error, text: errorText(error.type, error.message, error.retryAfterMs) }),
  );
}
