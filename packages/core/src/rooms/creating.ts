import { randomBytes } from "node:crypto";
import { roomNamed } from "@switchyard/protocol";
import type { Context } from "../context.ts";

/** 32 characters that are hard to take for each other (Crockford's base 32); clients may turn an id into capitals. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const BYTES = 5; // 40 bits: eight characters of five bits each

/**
 * Creates a room that nobody is in yet, under a name that no room has and nobody can guess. It grants nobody a right to enter.
 * @param lifetimeMs after which it is gone, unless somebody enters it
 * @param newName makes a name; another one is made if there is a room of that name
 * @returns the room's name, as clients use it
 */
export async function createRoom(
  { store, dialect, roomRules }: Context,
  lifetimeMs: number,
  newName: () => string = randomName,
): Promise<string> {
  if (!roomRules) throw new TypeError(`${dialect} has no rooms that clients name`);
  for (;;) {
    const name = newName();
    if (await store.memberships.create(roomNamed(dialect, name), roomRules, lifetimeMs)) return name;
  }
}

function randomName(): string {
  let bits = BigInt(`0x${randomBytes(BYTES).toString("hex")}`);
  let name = "";
  for (let i = 0; i < (BYTES * 8) / 5; i += 1) {
    name += ALPHABET[Number(bits & 31n)];
    bits >>= 5n;
  }
  return name;
}
