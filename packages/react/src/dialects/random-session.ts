import { type Connection, type ContentsOf, connect } from "@switchyard/client";
import {
  type ClientToServerEvents,
  type RandomOptions,
  random,
  type ServerToClientEvents,
} from "@switchyard/client/random";
import { Live } from "../session/live.ts";
import type { Opening, ServerOptions } from "../session/use-session.ts";

export type RandomConnection = Connection<ClientToServerEvents, ServerToClientEvents, RandomOptions>;
export type Partner = Parameters<ServerToClientEvents["partner_found"]>[0];
export type ReportOptions = NonNullable<ContentsOf<ClientToServerEvents["report_user"]>[0]>;

export interface RandomMessage {
  readonly id: string;
  readonly text: string;
  readonly isOwn: boolean;
  /** ISO 8601. */
  readonly timestamp: string;
}

export interface RandomOwn {
  /** `left`: the partner is gone; `idle`: nobody is waited for. */
  readonly stage: "idle" | "waiting" | "paired" | "left";
  readonly partner: Partner | null;
  /** In the queue, from 1. */
  readonly position: number | null;
  readonly estimatedWaitMs: number | null;
  /** Of the present or last room. */
  readonly messages: readonly RandomMessage[];
  readonly isPartnerTyping: boolean;
  /** How many people are there in all. */
  readonly online: number | null;
}

export const nobody: RandomOwn = {
  stage: "idle",
  partner: null,
  position: null,
  estimatedWaitMs: null,
  messages: [],
  isPartnerTyping: false,
  online: null,
};

const waiting = { stage: "waiting", partner: null, isPartnerTyping: false } as const;

/** Strangers, one after the other. */
export class RandomSession extends Live<RandomOwn, RandomConnection> {
  readonly #userId: string;

  constructor({ url, ...options }: Opening<RandomOptions & ServerOptions>) {
    super(connect(url, { ...options, dialect: random }), options.type ? { ...nobody, ...waiting } : nobody);
    this.#userId = options.userId;
    const { connection } = this;
    connection.on("waiting_for_partner", ({ position, estimatedWaitMs }) =>
      this.set({ ...waiting, position: position ?? null, estimatedWaitMs: estimatedWaitMs ?? null }),
    );
    connection.on("partner_found", (partner) => this.#found(partner));
    connection.on("partner_disconnected", () => this.set({ stage: "left", partner: null, isPartnerTyping: false }));
    connection.on("new_message", ({ id, text, sender, timestamp }) => {
      this.#add({ id, text, isOwn: sender === this.#userId, timestamp });
      if (sender !== this.#userId) this.set({ isPartnerTyping: false });
    });
    connection.on("message_removed", ({ id }) =>
      this.set({ messages: this.get().messages.filter((message) => message.id !== id) }),
    );
    connection.on("user_typing", ({ isTyping }) => this.set({ isPartnerTyping: isTyping }));
    connection.on("user_count_update", ({ count }) => this.set({ online: count }));
  }

  /** Waits for somebody, for another purpose maybe. */
  async join(type: Partner["type"], preferences?: RandomOptions["preferences"]): Promise<void> {
    this.set({ ...waiting, messages: [] });
    await this.connection.send("join", { userId: this.#userId, type, preferences });
  }

  async next(): Promise<void> {
    this.set({ ...waiting, messages: [] });
    await this.connection.send("next");
  }

  async leave(): Promise<void> {
    const { stage } = this.get();
    this.set({ stage: "idle", partner: null, isPartnerTyping: false });
    await this.connection.send(stage === "paired" ? "leave_room" : "leave_queue");
  }

  async sendMessage(text: string): Promise<void> {
    const { id, timestamp } = await this.connection.send("send_message", { message: text });
    this.#add({ id, text, isOwn: true, timestamp });
  }

  async setTyping(isTyping: boolean): Promise<void> {
    await this.connection.send("typing", { isTyping });
  }

  /** Never meets the partner again. */
  async block(reason?: string): Promise<void> {
    this.set({ stage: "idle", partner: null, isPartnerTyping: false });
    await this.connection.send("block_user", { reason });
  }

  /** Reports the partner, or the last one, to the operators, and never meets it again. @returns the report's id */
  async report(report: ReportOptions): Promise<string> {
    this.set({ stage: "idle", partner: null, isPartnerTyping: false });
    return (await this.connection.send("report_user", report)).reportId;
  }

  /** The room is over; whether somebody is waited for is decided by the opening event, which is sent again. */
  protected override onMissed(): void {
    if (this.get().stage === "paired") this.set(waiting);
  }

  #found(partner: Partner): void {
    const isSame = this.get().partner?.roomId === partner.roomId;
    this.set({ stage: "paired", partner, position: null, isPartnerTyping: false });
    if (!isSame) this.set({ messages: [] });
  }

  #add(message: RandomMessage): void {
    const { messages } = this.get();
    if (!messages.some(({ id }) => id === message.id)) this.set({ messages: [...messages, message] });
  }
}
