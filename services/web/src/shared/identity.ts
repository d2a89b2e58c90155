type Keep = Pick<Storage, "getItem" | "setItem">;

const NAME_LETTERS = 4;

/** The length to which a name is cut for others, in characters. */
export const MAX_NAME_LENGTH = 64;

/** This tab's user id, kept over a reload. */
export function sessionUserId(storage: Keep = sessionStorage): string {
  return kept("switchyard.userId", randomUuid, storage);
}

/** The default name of this tab's person, kept over a reload. */
export function sessionName(storage: Keep = sessionStorage): string {
  return kept("switchyard.name", () => `guest-${randomUuid().slice(0, NAME_LETTERS)}`, storage);
}

export function keepName(name: string, storage: Keep = sessionStorage): void {
  try {
    storage.setItem("switchyard.name", name);
  } catch {
    // Storage may be forbidden; the name then lasts as long as the page.
  }
}

/** An id short enough to be read out to somebody. */
export function shortId(): string {
  return randomUuid().slice(0, 8);
}

/** A version 4 UUID, also on pages without https, where `crypto.randomUUID` is missing. */
export function randomUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Storage may be forbidden; what is kept then lasts as long as the page. */
function kept(key: string, make: () => string, storage: Keep): string {
  try {
    const known = storage.getItem(key);
    if (known) return known;
    const fresh = make();
    storage.setItem(key, fresh);
    return fresh;
  } catch {
    return make();
  }
}
