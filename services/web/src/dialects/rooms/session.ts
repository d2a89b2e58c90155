import { connect, type Dialect } from "@switchyard/client";
import { LocalMedia } from "@switchyard/client/call";
import { type ClientToServerEvents, rooms, type ServerToClientEvents } from "@switchyard/client/rooms";
import { MeshKeeper, type OpenMesh } from "../../shared/call/mesh-keeper.ts";
import { Outbox } from "../../shared/chat/outbox.ts";
import { PATIENCE_MS, PageConnection } from "../../shared/connection/connection.ts";
import type { LinkEvent } from "../../shared/connection/link.ts";
import { keepMedia } from "../../shared/media/own-media.ts";
import { type ReportGrounds, sendReport } from "../../shared/report/grounds.ts";
import { createStore, type Store } from "../../shared/store.ts";
import { type VisitActions, visitActions } from "../../shared/visit.ts";
import { JoinRequest } from "./join-request.ts";
import { listen } from "./listen.ts";
import { reduce } from "./reducer.ts";
import { type RoomsConnection, wantedMesh, wantsMedia } from "./signals.ts";

import { initialState, type Place, type RoomsEvent, type RoomsState, type Welcome } from "./state.ts";
import { StatePublisher } from "./state-publisher.ts";

/** The parts that a session needs. */
export interface Surroundings {
  /** Of the server; empty: the page's own. */
  url?: string;
  openMesh?: OpenMesh;
}

/** The page connects before the person has chosen a room. */
const outside: Dialect<ClientToServerEvents, ServerToClientEvents, object> = { ...rooms, opened: () => undefined };

/** One person's stay in the `rooms` dialect: what the person does goes to the server, what the server says into the store. */
export class RoomsSession {
  readonly store: Store<RoomsState, RoomsEvent> = createStore(reduce, initialState);
  readonly visit: VisitActions;
  readonly #local = new LocalMedia();
  readonly #connection: RoomsConnection;
  readonly #joinRequest: JoinRequest;
  readonly #outbox: Outbox;
  readonly #mesh: MeshKeeper;

  constructor({ url = "", openMesh }: Surroundings = {}) {
    const { store } = this;
    this.#connection = new PageConnection({
      connect: () => connect(url, { dialect: outside, timeoutMs: PATIENCE_MS }),
      report: (event) => this.#onLink(event),
      onRefused: (error) => this.#joinRequest.refused(error),
    });
    this.#mesh = new MeshKeeper({
      connection: () => this.#connection.current,
      local: this.#local,
      onChange: (views) => store.dispatch({ type: "calls-changed", views }),
      openMesh,
    });
    this.#followState();
    this.#outbox = new Outbox({
      lines: () => (store.get().meeting?.stage === "in" ? (store.get().meeting?.lines ?? null) : null),
      dispatch: store.dispatch,
      emit: (message) =>
        this.#connection.ask("send-message", { roomId: store.get().meeting?.place.roomId ?? "", message }),
    });
    this.#joinRequest = new JoinRequest(this.#connection, store);
    this.visit = visitActions(store.dispatch, this.#connection, this.#local);
    listen(this.#connection, {
      dispatch: store.dispatch,
      welcomed: (roomId, welcome) => this.#onWelcome(roomId, welcome),
      mesh: () => this.#mesh.current,
    });
  }

  open(): void {
    this.#connection.open();
  }

  /** Leaves at once, so that the others need not wait for the reconnect grace. */
  close(): void {
    this.store.dispatch({ type: "left", notice: null });
    this.#connection.close();
  }

  async enter(place: Place): Promise<void> {
    const { dispatch, get } = this.store;
    dispatch({ type: "wanted", place: { ...place } });
    const wanted = get().meeting?.place;
    if (!(await this.#local.open()) || get().meeting?.place !== wanted) return;
    dispatch({ type: "entering" });
    await this.#joinRequest.ask();
  }

  leave(): void {
    const { meeting } = this.store.get();
    if (!meeting) return;
    this.store.dispatch({ type: "left", notice: null });
    if (meeting.stage !== "asking") this.#leaveRoom(meeting.place.roomId);
  }

  sendMessage(text: string): void {
    this.#outbox.send(text);
  }

  /** @returns why it could not be made; null: it was made */
  report(targetId: string, grounds: ReportGrounds): Promise<string | null> {
    const roomId = this.store.get().meeting?.place.roomId;
    return sendReport(() => this.#connection.ask("report_user", { roomId, targetId, ...grounds }), this.store.dispatch);
  }

  async shareScreen(): Promise<void> {
    await this.#local.shareScreen();
  }

  stopSharing(): void {
    this.#local.stopScreen();
  }

  #followState(): void {
    const publisher = new StatePublisher(this.#connection);
    keepMedia(this.store, this.#local, wantsMedia);
    this.store.subscribe(() => {
      this.#mesh.follow(wantedMesh(this.store.get()));
      publisher.follow(this.store.get());
    });
  }

  /** Asks again on every connection, recovered or not: the answer says that everything missed has been received. */
  #onLink(event: LinkEvent): void {
    if (event.type === "dropped") this.#outbox.hold();
    this.store.dispatch(event);
    if (event.type === "connected") void this.#joinRequest.ask();
  }

  /** A participant that joins sends offers to those who are there. */
  #onWelcome(roomId: string, welcome: Welcome): void {
    const { meeting } = this.store.get();
    if (meeting?.place.roomId !== roomId) return this.#leaveRoom(roomId);
    if (meeting.stage === "asking") return; // of an earlier time in the same room
    this.store.dispatch({ type: "welcomed", welcome });
    this.#mesh.current?.enter(welcome.participants.map(({ id }) => id));
    this.#outbox.resume();
  }

  #leaveRoom(roomId: string): void {
    const hasLeft = () => this.store.get().meeting?.place.roomId !== roomId;
    void this.#connection.deliver("leave-room", [{ roomId }], hasLeft);
  }
}
