import type { Mesh } from "@switchyard/client/call";
import { errorText } from "../../shared/error-text.ts";
import type { RoomsConnection } from "./signals.ts";
import type { RoomsEvent, Welcome } from "./state.ts";

interface Handlers {
  dispatch(event: RoomsEvent): void;
  welcomed(roomId: string, welcome: Welcome): void;
  mesh(): Mesh | null;
}

/** Turns what the server sends into events of the state, and hands on what needs more than that. */
export function listen(connection: RoomsConnection, { dispatch, welcomed, mesh }: Handlers): void {
  connection.on("joined-room", ({ roomId, participantId, participants, messages }) =>
    welcomed(roomId, { participantId, participants, messages }),
  );
  connection.on("user-joined", ({ participant }) => {
    dispatch({ type: "participant-came", participant });
    mesh()?.joined(participant.id);
  });
  connection.on("user-left", ({ participantId }) => {
    mesh()?.left(participantId);
    dispatch({ type: "participant-went", participantId });
  });
  connection.on("participants-updated", (participants) => dispatch({ type: "participants", participants }));
  connection.on("new-message", (message) => dispatch({ type: "said", message }));
  connection.on("server-shutdown", () =>
    dispatch({ type: "noticed", notice: "This node is about to stop. Another one takes over your connection." }),
  );
  connection.on("error", ({ type, message, retryAfterMs }) =>
    dispatch({ type: "noticed", notice: errorText(type, message, retryAfterMs) }),
  );
}
