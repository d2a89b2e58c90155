import { BanList, type BanSubject, banError, isInForce, type Participant } from "@switchyard/core";
import type { Logger } from "@switchyard/runtime";
import { type Ban, type Channels, keys, readBanChange, type Store } from "@switchyard/store";

/** A message that was lost delays a ban by no more than this. */
const COMPARE_EVERY_MS = 1000;

/**
 * All bans, as this node knows them: read at the start, kept up to date by their channel, and read again where the node's revision is not
 * that of the cluster. So nothing is asked of Redis for a connection or an event.
 */
export class NodeBans {
  readonly #store: Pick<Store, "moderation" | "clock">;
  readonly #logger: Logger;
  readonly #list = new BanList();
  #revision = "";
  #reading: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Called with bans that keep somebody out, and that the node did not know, or not like that. */
  onFresh: (bans: readonly Ban[]) => void = () => {};

  constructor(store: Pick<Store, "moderation" | "clock">, logger: Logger) {
    this.#store = store;
    this.#logger = logger;
  }

  /** How many bans are known; those that are over may be among them for a moment. */
  get size(): number {
    return this.#list.size;
  }

  /** Resolves when all bans are known that were in force when it was called. */
  async begin(channels: Channels): Promise<void> {
    await channels.listen(keys.banChanges(), (text) => this.#onChange(text));
    await this.#read();
    this.#timer = setInterval(() => void this.compare(), COMPARE_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Compares the node's bans with the cluster's. */
  async compare(): Promise<void> {
    try {
      if ((await this.#store.moderation.revision()) !== this.#revision) await this.#readOnce();
    } catch (error) {
      this.#logger.debug({ err: error }, "the bans could not be compared with Redis; it is tried again");
    }
  }

  /** A ban that keeps somebody out. */
  find(who: BanSubject): Ban | undefined {
    return this.#list.find(who, this.#store.clock.now(), "ban");
  }

  /** @throws RequestError `banned` */
  check(who: BanSubject): void {
    const ban = this.find(who);
    if (ban) throw banError(ban);
  }

  /** @throws RequestError `muted` */
  checkMute(participant: Participant): void {
    const mute = this.#list.find(subjectOf(participant), this.#store.clock.now(), "mute");
    if (mute) throw banError(mute);
  }

  /** For participants: refuses to let one stand for a banned user. */
  readonly guard = ({ dialect, network }: Participant, user: string): void =>
    this.check({ dialect, users: [user], network });

  #onChange(text: string): void {
    const { before, revision, put, dropped } = readBanChange(text);
    if (Number(revision) <= Number(this.#revision)) return;
    if (before !== this.#revision) return void this.compare(); // something was missed, or is being read
    this.#revision = revision;
    for (const id of dropped) this.#list.drop(id);
    if (!put) return;
    this.#list.put(put);
    this.#report([put]);
  }

  #readOnce(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    const { revision, bans } = await this.#store.moderation.load();
    if (this.#revision !== "" && Number(revision) < Number(this.#revision)) return; // a change has come since
    this.#revision = revision;
    this.#report(this.#list.replace(bans));
  }

  #report(bans: readonly Ban[]): void {
    const inForce = bans.filter((ban) => ban.effect === "ban" && isInForce(ban, this.#store.clock.now()));
    if (inForce.length > 0) this.onFresh(inForce);
  }
}

/** A participant as bans look at it: with the user of its session, and that of its token. */
export function subjectOf({ dialect, user, bearer, network }: Participant): BanSubject {
  return { dialect, users: [user, bearer?.user], network };
}
