import type { Mesh } from "@switchyard/client/call";
import type { CallUser, CallUserOrId } from "@switchyard/client-types/calls";
import { errorText } from "../../shared/error-text.ts";
import type { Store } from "../../shared/store.ts";
import type { CallsConnection } from "./signals.ts";
import type { CallsEvent, CallsState } from "./state.ts";

interface Surroundings {
  store: Store<CallsState, CallsEvent>;
  mesh(): Mesh | null;
}

/** Turns the server's events about users online into events of the state. */
export function listen(connection: CallsConnection, { store, mesh }: Surroundings): void {
  const { dispatch } = store;
  connection.on("users-list", (users) => dispatch({ type: "users", users }));
  connection.on("user-joined", (user) => dispatch({ type: "user-came", user }));
  connection.on("user-left", (userId) => dispatch({ type: "user-went", userId }));
  connection.on("incoming-call", ({ callId, initiator, isVideo }) => {
    const from = nameOf(initiator, store.get().users);
    dispatch({ type: "invited", invitation: { callId, from, isVideo } });
  });
  connection.on("server-shutdown", () =>
    dispatch({ type: "noticed", notice: "This node is about to stop. Another one takes over your connection." }),
  );
  connection.on("error", ({ type, message, retryAfterMs }) => {
    if (type === "replaced") dispatch({ type: "replaced" });
    else dispatch({ type: "noticed", notice: errorText(type, message, retryAfterMs) });
  });
  listenToCall(connection, { store, mesh });
}

/** Tells the mesh who comes and goes; a participant that joins sends offers to those who are there. */
function listenToCall(connection: CallsConnection, { store, mesh }: Surroundings): void {
  const { dispatch } = store;
  const concerns = (callId: string) => store.get().call?.id === callId;
  connection.on("call-started", ({ callId }) => {
    const { call, phase } = store.get();
    if (call?.stage !== "entering" || phase.name === "start") return;
    dispatch({ type: "call-entered", callId, participants: [phase.me] });
    mesh()?.enter([]);
  });
  connection.on("call-participants", ({ callId, participants }) => enter(store, mesh, callId, participants));
  connection.on("user-joined-call", ({ callId, user, participants }) => {
    if (!concerns(callId)) return;
    dispatch({ type: "participants", callId, participants });
    mesh()?.joined(user.id);
  });
  connection.on("user-left-call", ({ callId, userId, participants }) => {
    if (!concerns(callId)) return;
    mesh()?.left(userId);
    dispatch({ type: "participants", callId, participants });
  });
}

function enter(
  { get, dispatch }: Store<CallsState, CallsEvent>,
  mesh: () => Mesh | null,
  callId: string,
  participants: readonly CallUser[],
): void {
  const { call, phase } = get();
  if (call?.id !== callId || call.stage === "asking" || phase.name === "start") return;
  dispatch({ type: "call-entered", callId, participants });
  mesh()?.enter(participants.map(({ id }) => id));
}

function nameOf(user: CallUserOrId, users: readonly CallUser[]): string {
  const id = typeof user === "string" ? user : user.id;
  const given = typeof user === "string" ? undefined : user.username;
  return users.find((known) => known.id === id)?.username ?? given ?? id;
}
