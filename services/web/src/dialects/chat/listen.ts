import { errorText } from "../../shared/error-text.ts";
import type { CallDesk } from "./call-desk.ts";
import type { ChatConnection } from "./signals.ts";
import type { ChatEvent } from "./state.ts";

interface Handlers {
  dispatch(event: ChatEvent): void;
  calls: CallDesk;
  /** Everything that was missed has been received. */
  caughtUp(): void;
}

/** Turns what the server sends into events of the state, and hands on what needs more than that. */
export function listen(connection: ChatConnection, { dispatch, calls, caughtUp }: Handlers): void {
  connection.on("message_history", (messages) => {
    dispatch({ type: "history", messages });
    caughtUp();
  });
  connection.on("new_message", (message) => dispatch({ type: "said", message }));
  // The last argument of every event is Socket.IO's offset: what is counted may be missing.
  connection.on("online_users", (names, count) =>
    dispatch({ type: "online", names, total: count?.total ?? names.length }),
  );
  connection.on("incoming_call", ({ from, offer }) => calls.onOffer(from, offer));
  connection.on("call_answered", ({ from }) => calls.onAnswer(from));
  connection.on("call_ended", ({ from }) => calls.onEnded(from));
  connection.on("call_answered_elsewhere", ({ from }) => calls.onAnsweredElsewhere(from));
  connection.on("server-shutdown", () =>
    dispatch({ type: "noticed", notice: "This node is about to stop. Another one takes over your connection." }),
  );
  connection.on("error", ({ type, message, retryAfterMs }) =>
    dispatch({ type: "noticed", notice: errorText(type, message, retryAfterMs) }),
  );
}
