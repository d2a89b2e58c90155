import { connect } from "@switchyard/client";
import { LocalMedia } from "@switchyard/client/call";
import { random } from "@switchyard/client/random";
import { CallKeeper } from "../../shared/call/call-keeper.ts";
import type { Outbox } from "../../shared/chat/outbox.ts";
import { createTypingSignal } from "../../shared/chat/typing-signal.ts";
import { PATIENCE_MS, PageConnection } from "../../shared/connection/connection.ts";
import type { LinkEvent } from "../../shared/connection/link.ts";
import { keepMedia } from "../../shared/media/own-media.ts";
import { createStore, type Store } from "../../shared/store.ts";
import { type VisitActions, visitActions } from "../../shared/visit.ts";
import { listen } from "./listen.ts";
import { Locator } from "./locator.ts";
import { PartnerActions } from "./partner-actions.ts";
import { QueueDesk } from "./queue-desk.ts";
import { reduce } from "./reducer.ts";
import { createRoomOutbox } from "./room-outbox.ts";
import { type RandomConnection, wantedCall, wantsMedia } from "./signals.ts";

import {
  type Choice,
  currentRoom,
  initialState,
  type PartnerFound,
  type RandomEvent,
  type RandomState,
  takesPart,
} from "./state.ts";

/** The parts that a session needs. */
export interface Surroundings {
  /** Of the server; empty: the page's own. */
  url?: string;
  userId: string;
}

const ARMED_MS = 3000;

/** One person's stay in the `random` dialect: what the person does goes to the server, what the server says into the store. */
export class RandomSession {
  readonly store: Store<RandomState, RandomEvent>;
  readonly visit: VisitActions;
  readonly partner: PartnerActions;
  readonly #local = new LocalMedia();
  readonly #queue: QueueDesk;
  readonly #connection: RandomConnection;
  readonly #outbox: Outbox;
  readonly #locator: Locator;
  readonly #typing = createTypingSignal((isTyping) => this.#sendTyping(isTyping));
  #leftRoom: string | null = null;
  #disarming: ReturnType<typeof setTimeout> | undefined;

  constructor({ url = "", userId }: Surroundings) {
    this.store = createStore(reduce, initialState(userId));
    const { dispatch } = this.store;
    this.#connection = new PageConnection({
      connect: () => connect(url, { dialect: random, userId, echo: true, timeoutMs: PATIENCE_MS }),
      report: (event) => this.#onLink(event),
      onRefused: (error) => this.#queue.refused(error),
    });
    const call = new CallKeeper({
      connection: () => this.#connection.current,
      local: this.#local,
      onChange: (roomId, view) => dispatch({ type: "call-changed", roomId, call: view }),
    });
    this.#outbox = createRoomOutbox(this.#connection, this.store);
    this.#locator = new Locator(this.#connection, this.store);
    this.partner = new PartnerActions(this.#connection, this.store, (roomId) => this.#leaveRoom(roomId));
    this.#queue = new QueueDesk(this.#connection, this.store, () => this.#outbox.resume());
    this.store.subscribe(() => call.follow(wantedCall(this.store.get())));
    keepMedia(this.store, this.#local, wantsMedia);
    this.visit = visitActions(dispatch, this.#connection, this.#local);
    listen(this.#connection, { dispatch, found: (partner) => this.#onFound(partner) });
  }

  open(): void {
    this.#connection.open();
    this.#locator.start();
  }

  /** Leaves at once, so that a partner need not wait for the reconnect grace. */
  close(): void {
    this.#locator.stop();
    this.#typing.stop();
    this.store.dispatch({ type: "left", notice: null });
    this.#connection.close();
  }

  async choose(choice: Choice): Promise<void> {
    this.store.dispatch({ type: "chosen", choice });
    if (this.store.get().phase.name === "camera") {
      if (!(await this.#local.open()) || this.store.get().phase.name !== "camera") return;
      this.store.dispatch({ type: "camera-answered" });
    }
    await this.#queue.enter("join");
  }

  next(): void {
    this.#typing.stop();
    this.#leftRoom = currentRoom(this.store.get())?.id ?? null;
    this.store.dispatch({ type: "asked-next" });
    void this.#queue.enter(this.store.get().joined ? "next" : "join");
  }

  leave(): void {
    this.#typing.stop();
    const { phase } = this.store.get();
    if (phase.name === "room") this.#leaveRoom(phase.room.id);
    if (phase.name === "waiting") this.#queue.leave();
    this.store.dispatch({ type: "left", notice: null });
  }

  /** Escape asks twice before it ends a conversation; elsewhere it goes back. */
  escape(): void {
    const { phase, nextArmed } = this.store.get();
    if (phase.name === "start") return;
    if (phase.name !== "room") this.leave();
    else if (nextArmed) this.next();
    else this.#armNext();
  }

  sendMessage(text: string): void {
    this.#typing.stop();
    this.#outbox.send(text);
  }

  keystroke(): void {
    this.#typing.keystroke();
  }

  /** Takes the place back from the tab that took it over. */
  async takeOver(): Promise<void> {
    const { choice } = this.store.get();
    if (choice) await this.choose(choice);
  }

  #onLink(event: LinkEvent): void {
    if (event.type === "dropped") this.#outbox.hold();
    this.store.dispatch(event);
    if (event.type !== "connected") return;
    if (takesPart(this.store.get())) void this.#queue.enter("join");
    void this.#locator.locate();
  }

  #armNext(): void {
    this.store.dispatch({ type: "armed-next", armed: true });
    clearTimeout(this.#disarming);
    this.#disarming = setTimeout(() => this.store.dispatch({ type: "armed-next", armed: false }), ARMED_MS);
  }

  #onFound(found: PartnerFound): void {
    if (this.store.get().phase.name === "waiting" && found.roomId === this.#leftRoom) {
      this.next(); // the server still has this person in the room left last: that `next` was lost with the connection
      return;
    }
    this.store.dispatch({ type: "partner_found", found });
    if (currentRoom(this.store.get())?.id === found.roomId) void this.#locator.locate();
    else this.#leaveRoom(found.roomId); // pairing and leaving crossed each other
  }

  #leaveRoom(roomId: string): void {
    void this.#connection.deliver("leave_room", [{ roomId }]);
  }

  #sendTyping(isTyping: boolean): void {
    const roomId = currentRoom(this.store.get())?.id;
    if (!roomId) return;
    // That someone begins to type is not worth keeping for later; that they stopped is.
    if (isTyping && this.store.get().link.state !== "connected") return;
    this.#connection.ask("typing", { roomId, isTyping }).catch(() => {});
  }
}
