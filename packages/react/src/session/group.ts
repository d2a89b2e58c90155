import type { Connection } from "@switchyard/client";

/** A mesh of calls, say: it has to know who is in a group. */
export interface Follower {
  enter(ids: Iterable<string>): void;
  joined(id: string): void;
  left(id: string): void;
}

/** A group that this user is in: from an entry to its end; another entry is another group. */
export class Group<Kept = Connection<never, never>> {
  readonly connection: Kept;
  /** This user's id in it. */
  readonly ownId: string;
  /** The call, where signals name it. */
  readonly room: string | undefined;
  readonly #ids: Set<string>;
  readonly #followers = new Set<Follower>();

  /** @param ids of those who are in it, the own one may be among them */
  constructor(connection: Kept, ownId: string, room: string | undefined, ids: Iterable<string>) {
    this.connection = connection;
    this.ownId = ownId;
    this.room = room;
    this.#ids = new Set(ids);
  }

  /** @returns ends it */
  follow(follower: Follower): () => void {
    this.#followers.add(follower);
    follower.enter(this.#ids);
    return () => void this.#followers.delete(follower);
  }

  joined(id: string): void {
    this.#ids.add(id);
    for (const follower of this.#followers) follower.joined(id);
  }

  left(id: string): void {
    this.#ids.delete(id);
    for (const follower of this.#followers) follower.left(id);
  }
}
