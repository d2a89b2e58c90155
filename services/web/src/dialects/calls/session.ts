import { connect, type Dialect } from "@switchyard/client";
import { LocalMedia } from "@switchyard/client/call";
import { type ClientToServerEvents, calls, type ServerToClientEvents } from "@switchyard/client/calls";
import { MeshKeeper, type OpenMesh } from "../../shared/call/mesh-keeper.ts";
import { PATIENCE_MS, PageConnection } from "../../shared/connection/connection.ts";
import type { LinkEvent } from "../../shared/connection/link.ts";
import { reasonText } from "../../shared/error-text.ts";
import { randomUuid } from "../../shared/identity.ts";
import { keepMedia } from "../../shared/media/own-media.ts";
import { type ReportGrounds, sendReport } from "../../shared/report/grounds.ts";
import { createStore, type Store } from "../../shared/store.ts";
import { type VisitActions, visitActions } from "../../shared/visit.ts";
import { Entry } from "./entry.ts";
import { listen } from "./listen.ts";
import { Presence } from "./presence.ts";
import { reduce } from "./reducer.ts";
import { type CallsConnection, wantedMesh, wantsMedia } from "./signals.ts";
import { type CallsEvent, type CallsState, initialState } from "./state.ts";

/** The parts that a session needs. */
interface Surroundings {
  /** Of the server; empty: the page's own. */
  url?: string;
  userId: string;
  openMesh?: OpenMesh;
}

/** The page connects before the person has a name. */
const offline: Dialect<ClientToServerEvents, ServerToClientEvents, object> = { ...calls, opened: () => undefined };

/** One person's stay in the `calls` dialect: what the person does goes to the server, what the server says into the store. */
export class CallsSession {
  readonly store: Store<CallsState, CallsEvent> = createStore(reduce, initialState);
  readonly visit: VisitActions;
  readonly #userId: string;
  readonly #local = new LocalMedia();
  readonly #connection: CallsConnection;
  readonly #presence: Presence;
  readonly #entry: Entry;

  constructor({ url = "", userId, openMesh }: Surroundings) {
    this.#userId = userId;
    const { store } = this;
    this.#connection = new PageConnection({
      connect: () => connect(url, { dialect: offline, timeoutMs: PATIENCE_MS }),
      report: (event) => this.#onLink(event),
      onRefused: (error) => store.dispatch({ type: "noticed", notice: reasonText(error) }),
    });
    const mesh = new MeshKeeper({
      connection: () => this.#connection.current,
      local: this.#local,
      onChange: (views) => store.dispatch({ type: "calls-changed", views }),
      openMesh,
    });
    store.subscribe(() => mesh.follow(wantedMesh(store.get())));
    keepMedia(store, this.#local, wantsMedia);
    this.#entry = new Entry(this.#connection, store);
    this.#presence = new Presence(this.#connection, store, {
      came: () => void this.#entry.again(),
      refused: (notice) => this.#goBack(notice),
    });
    this.visit = visitActions(store.dispatch, this.#connection, this.#local);
    listen(this.#connection, { store, mesh: () => mesh.current });
  }

  open(): void {
    this.#connection.open();
  }

  /** Leaves at once, so that the others need not wait for the reconnect grace. */
  close(): void {
    this.store.dispatch({ type: "left" });
    this.#connection.close();
  }

  comeOnline(username: string): void {
    this.store.dispatch({ type: "named", me: { id: this.#userId, username, joinedAt: new Date().toISOString() } });
    void this.#presence.goOnline();
  }

  goOffline(): void {
    this.#goBack(null);
  }

  /** @param invited user ids */
  async startCall(invited: readonly string[], isVideo: boolean): Promise<void> {
    const callId = randomUuid();
    if (await this.#prepare(callId, isVideo)) await this.#entry.start(callId, invited, isVideo);
  }

  async joinCall(callId: string, isVideo: boolean): Promise<void> {
    this.leaveCall();
    if (await this.#prepare(callId, isVideo)) await this.#entry.join(callId);
  }

  decline(callId: string): void {
    this.store.dispatch({ type: "invitation-over", callId });
  }

  /** @returns why it could not be made; null: it was made */
  report(targetUserId: string, grounds: ReportGrounds): Promise<string | null> {
    const callId = this.store.get().call?.id ?? "";
    return sendReport(
      () => this.#connection.ask("report_user", { callId, targetUserId, ...grounds }),
      this.store.dispatch,
    );
  }

  leaveCall(): void {
    const { call } = this.store.get();
    if (!call) return;
    this.store.dispatch({ type: "call-over", notice: null });
    if (call.stage !== "asking") this.#entry.leave(call.id);
  }

  /** Takes the place back from the tab that took it over. */
  takeOver(): void {
    const { phase } = this.store.get();
    if (phase.name === "replaced") this.comeOnline(phase.me.username);
  }

  #onLink(event: LinkEvent): void {
    this.store.dispatch(event);
    if (event.type === "connected" && this.store.get().phase.name === "coming") void this.#presence.goOnline();
  }

  /** The protocol has no event for going offline: the client disconnects. */
  #goBack(notice: string | null): void {
    this.close();
    this.store.dispatch({ type: "noticed", notice });
    this.open();
  }

  /** @returns whether the call is still wanted when the camera has answered */
  async #prepare(callId: string, isVideo: boolean): Promise<boolean> {
    const { dispatch, get } = this.store;
    dispatch({ type: "call-wanted", callId, isVideo });
    if (!(await this.#local.open({ video: isVideo }))) return false;
    const { call } = get();
    if (call?.id !== callId || call.stage !== "asking") return false;
    dispatch({ type: "call-entering" });
    return true;
  }
}
