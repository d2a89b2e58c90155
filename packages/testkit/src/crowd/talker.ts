import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { io, type Socket } from "socket.io-client";
import type { Ledger } from "./ledger.ts";

const EVERY_MS = 2000;
/** Messages that are sent at once: more than one, so that their order can be lost. */
const AT_ONCE = 3;
const ACKNOWLEDGED_WITHIN_MS = 20_000;
const JOIN_AGAIN_MS = 1000;

/** A connection that was lost and came back. */
export interface Gap {
  readonly lostFor: string;
  /** When it was lost, and how long it took to come back; Unix time and duration in ms. */
  readonly at: number;
  readonly lastedMs: number;
  readonly recovered: boolean;
  /** The errors of failed attempts, and their times. */
  readonly failures: readonly string[];
}

interface Pairing {
  readonly roomId: string;
  readonly partnerId: string;
}

/** A stock client of the dialect `random` that is paired with somebody and sends numbered messages, acknowledged one by one. */
export class Talker {
  readonly user: string = `talker-${randomUUID()}`;
  readonly gaps: Gap[] = [];
  readonly #socket: Socket;
  #pairing: Pairing | undefined;
  #timer: NodeJS.Timeout | undefined;
  #underWay = 0;
  #lost: { readonly why: string; readonly at: number; readonly failures: string[] } | undefined;
  /** When the pair was parted, or this client started anew; Unix time in ms. */
  readonly partings: number[] = [];
  /** Why messages were not acknowledged, and how often. */
  readonly refusals = new Map<string, number>();
  /** When the last one was; Unix time in ms. */
  acknowledgedAt = 0;
  /** When it was connected for the first time, and when it was paired; Unix time in ms. */
  connectedAt: number | undefined;
  pairedAt: number | undefined;

  constructor(url: string, transports: string[]) {
    this.#socket = io(`${url}/random`, { transports, forceNew: true });
    this.#socket.on("connect", () => this.#connected());
    this.#socket.on("disconnect", (why) => {
      this.#lost = { why, at: Date.now(), failures: [] };
    });
    this.#socket.on("connect_error", (error) => {
      const lost = this.#lost;
      lost?.failures.push(`${Date.now() - lost.at} ms: ${error.message}`);
    });
    this.#socket.on("partner_found", (pairing: Pairing) => {
      this.#pairing ??= pairing;
      this.pairedAt ??= Date.now();
    });
    this.#socket.on("partner_disconnected", () => {
      this.partings.push(Date.now());
    });
  }

  get partner(): string | undefined {
    return this.#pairing?.partnerId;
  }

  get isConnected(): boolean {
    return this.#socket.connected;
  }

  /** How long it was away at most, the gap it may be in included; in ms. */
  get longestGapMs(): number {
    const now = this.#lost ? Date.now() - this.#lost.at : 0;
    return Math.max(now, ...this.gaps.map(({ lastedMs }) => lastedMs));
  }

  get isQuiet(): boolean {
    return this.#underWay === 0;
  }

  /** Sends the numbers of `ledger` until it is stopped. */
  begin(ledger: Ledger): void {
    const speak = () => {
      this.#timer = setTimeout(speak, EVERY_MS);
      if (!this.#socket.connected || this.#underWay >= AT_ONCE) return;
      for (let count = 0; count < AT_ONCE; count += 1) void this.#send(ledger);
    };
    this.#timer = setTimeout(speak, Math.random() * EVERY_MS); // not everybody at the same moment
  }

  /** From now on, messages of the partner are entered in `ledger`. */
  hear(ledger: Ledger): void {
    this.#socket.on("new_message", ({ sender, text }: { sender: string; text: string }) => {
      if (sender === this.partner) ledger.receive(Number(text));
    });
  }

  /** Whether one more message to `partner` is acknowledged, and arrives there. */
  async reaches(partner: Talker, timeoutMs: number): Promise<boolean> {
    const arrived = new Promise<boolean>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs, false);
      partner.#socket.on("new_message", ({ sender }: { sender: string }) => {
        if (sender !== this.user) return;
        clearTimeout(timer);
        resolve(true);
      });
    });
    const message = { roomId: this.#pairing?.roomId, message: "0" };
    const answered = this.#socket.timeout(timeoutMs).emitWithAck("send_message", message);
    const isAccepted = await answered.then(({ ok }) => ok === true).catch(() => false);
    return isAccepted && arrived;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  leave(): void {
    this.stop();
    this.#socket.disconnect();
  }

  async #send(ledger: Ledger): Promise<void> {
    const number = ledger.take();
    this.#underWay += 1;
    try {
      const message = { roomId: this.#pairing?.roomId, message: String(number) };
      const answer = await this.#socket.timeout(ACKNOWLEDGED_WITHIN_MS).emitWithAck("send_message", message);
      if (answer.ok) {
        ledger.acknowledge(number);
        this.acknowledgedAt = Date.now();
      } else this.#refused(answer.error.code);
    } catch {
      this.#refused("no answer");
    } finally {
      this.#underWay -= 1;
    }
  }

  #refused(why: string): void {
    this.refusals.set(why, (this.refusals.get(why) ?? 0) + 1);
  }

  #connected(): void {
    this.connectedAt ??= Date.now();
    if (this.#lost) {
      const { why, at, failures } = this.#lost;
      const { recovered } = this.#socket;
      this.gaps.push({ lostFor: why, at, lastedMs: Date.now() - at, recovered, failures });
      if (!recovered) this.partings.push(Date.now());
      this.#lost = undefined;
    }
    if (this.#pairing === undefined) void this.#join();
  }

  /** Asks again when it was refused for now, or not answered, as a client should. */
  async #join(): Promise<void> {
    const answered = this.#socket
      .timeout(ACKNOWLEDGED_WITHIN_MS)
      .emitWithAck("join", { userId: this.user, type: "chat" });
    const isIn = await answered.then(({ ok }) => ok === true).catch(() => false);
    if (isIn || !this.#socket.active) return;
    await wait(JOIN_AGAIN_MS);
    if (this.#socket.connected) void this.#join(); // else when it is connected again
  }
}
