import type { Mesh } from "@switchyard/client/call";
import { errorText } from "../../shared/error-text.ts";
import type { RoomsSocket } from "./signals.ts";
import type { RoomsEvent, Welcome } from "./state.ts";

interface Handlers {
  dispatch(event: RoomsEvent): void;
  welcomed(roomId: string, welcome: Welcome): void;
  mesh(): Mesh | null;
}

/** Turns what the server sends into events of the state, and hands on what needs more than that. */
export function listen(socket: RoomsSocket, { dispatch, welcomed, mesh }: Handlers): void {
  socket.on("joined-room", ({ roomId, participantId, participants, messages }) =>
    welcomed(roomId, { participantId, participants, messages }),
  );
  socket.on("user-joined", ({ participant }) => {
    dispatch({ type: "participant-came", participant });
    mesh()?.joined(participant.id);
  });
  socket.on("user-left", ({ participantId }) => {
    mesh()?.left(participantId);
    dispatch({ type: "participant-went", participantId });
  });
  socket.on("participants-updated", (participants) => dispatch({ type: "participants", participants }));
  socket.on("new-message", (message) => dispatch({ type: "said", message }));
  socket.on("server-shutdown", () =>
    dispatch({ type: "noticed", notice: "This node is about to stop. Another one takes over your connection." }),
  );
  socket.on("error", ({ type, message, retryAfterMs }) =>
    dispatch({ type: "noticed", notice: errorText(type, message, retryAfterMs) }),
  );
}
