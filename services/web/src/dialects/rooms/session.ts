import type { MeshOptions } from "../../shared/call/mesh.ts";
import { SingleMesh } from "../../shared/call/single-mesh.ts";
import { Outbox } from "../../shared/chat/outbox.ts";
import { type Connection, connectionOf } from "../../shared/connection/connection.ts";
import { deliver } from "../../shared/connection/deliver.ts";
import type { LinkEvent } from "../../shared/connection/link.ts";
import { type Camera, closeCamera, closeStream } from "../../shared/media/camera.ts";
import { createMediaKeeper } from "../../shared/media/own-media.ts";
import { type ReportGrounds, sendReport } from "../../shared/report/grounds.ts";
import { createStore, type Store } from "../../shared/store.ts";
import { type VisitActions, visitActions } from "../../shared/visit.ts";
import { JoinRequest } from "./join-request.ts";
import { listen } from "./listen.ts";
import { reduce } from "./reducer.ts";
import { emitSignal, type RoomsSocket, wantedMesh } from "./signals.ts";

import { initialState, type Place, type RoomsEvent, type RoomsState, type Welcome } from "./state.ts";
import { StatePublisher } from "./state-publisher.ts";

/** The parts that a session needs; `socket` is not connected yet. */
export interface Surroundings {
  socket: RoomsSocket;
  openCamera(): Promise<Camera>;
  /** Resolves with null when the person does not want to share. */
  openScreen(): Promise<MediaStream | null>;
  iceServers(): Promise<RTCIceServer[]>;
  openCall?: MeshOptions["openCall"];
}

/** One person's stay in the `rooms` dialect: what the person does goes to the server, what the server says into the store. */
export class RoomsSession {
  readonly store: Store<RoomsState, RoomsEvent> = createStore(reduce, initialState);
  readonly visit: VisitActions;
  readonly #surroundings: Surroundings;
  readonly #connection: Connection;
  readonly #joinRequest: JoinRequest;
  readonly #outbox: Outbox;
  readonly #mesh: SingleMesh;

  constructor(surroundings: Surroundings) {
    const { socket, iceServers, openCall } = surroundings;
    const { store } = this;
    this.#surroundings = surroundings;
    this.#mesh = new SingleMesh({
      iceServers,
      emit: (targetId, signal) => emitSignal(socket, targetId, signal),
      onChange: (participantId, view) => store.dispatch({ type: "call-changed", participantId, view }),
      openCall,
    });
    this.#followState();
    this.#outbox = new Outbox({
      lines: () => (store.get().meeting?.stage === "in" ? (store.get().meeting?.lines ?? null) : null),
      dispatch: store.dispatch,
      emit: (message) =>
        socket.emitWithAck("send-message", { roomId: store.get().meeting?.place.roomId ?? "", message }),
    });
    this.#joinRequest = new JoinRequest(socket, store);
    this.#connection = connectionOf(socket, (event) => this.#onLink(event));
    this.visit = visitActions(store.dispatch, this.#connection);
    listen(socket, {
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
    this.#joinRequest.stop();
    this.store.dispatch({ type: "left", notice: null });
    this.#connection.close();
  }

  async enter(place: Place): Promise<void> {
    const { dispatch, get } = this.store;
    dispatch({ type: "wanted", place: { ...place } });
    const wanted = get().meeting?.place;
    const camera = await this.#surroundings.openCamera();
    if (get().meeting?.place !== wanted) return closeCamera(camera);
    dispatch({ type: "camera-answered", camera });
    dispatch({ type: "entering" });
    await this.#joinRequest.ask();
  }

  leave(): void {
    const { meeting } = this.store.get();
    if (!meeting) return;
    this.#joinRequest.stop();
    this.store.dispatch({ type: "left", notice: null });
    if (meeting.stage !== "asking") this.#leaveRoom(meeting.place.roomId);
  }

  sendMessage(text: string): void {
    this.#outbox.send(text);
  }

  /** @returns why it could not be made; null: it was made */
  report(targetId: string, grounds: ReportGrounds): Promise<string | null> {
    const roomId = this.store.get().meeting?.place.roomId;
    const { socket } = this.#surroundings;
    return sendReport(() => socket.emitWithAck("report_user", { roomId, targetId, ...grounds }), this.store.dispatch);
  }

  async shareScreen(): Promise<void> {
    const { dispatch, get } = this.store;
    const place = get().meeting?.place;
    const screen = await this.#surroundings.openScreen();
    if (!screen) return;
    if (!place || get().meeting?.place !== place) return closeStream(screen);
    const stopped = () => get().own.screen === screen && this.stopSharing();
    screen.getVideoTracks()[0]?.addEventListener("ended", stopped); // the browser has a button of its own for it
    dispatch({ type: "screen-changed", screen });
  }

  stopSharing(): void {
    this.store.dispatch({ type: "screen-changed", screen: null });
  }

  #followState(): void {
    const publisher = new StatePublisher(this.#surroundings.socket);
    const keepMedia = createMediaKeeper();
    this.store.subscribe(() => {
      this.#mesh.follow(wantedMesh(this.store.get()));
      keepMedia(this.store.get().own);
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
    const { participantId, participants } = welcome;
    const first = meeting.participantId !== participantId;
    this.store.dispatch({ type: "welcomed", welcome });
    const others = participants.map(({ id }) => id).filter((id) => id !== participantId);
    if (first) for (const id of others) this.#mesh.current?.call(id);
    else this.#mesh.current?.keepOnly(others);
    this.#outbox.resume();
  }

  #leaveRoom(roomId: string): void {
    void deliver(
      () => this.#surroundings.socket.emitWithAck("leave-room", { roomId }),
      () => this.store.get().meeting?.place.roomId !== roomId,
    );
  }
}
