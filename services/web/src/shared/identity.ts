const KEY = "switchyard.userId";

/** This tab's user id, kept over a reload. Storage may be forbidden; the id then lasts as long as the page. */
export function sessionUserId(storage: Pick<Storage, "getItem" | "setItem"> = sessionStorage): string {
  try {
    const known = storage.getItem(KEY);
    if (known) return known;
    const fresh = randomUuid();
    storage.setItem(KEY, fresh);
    return fresh;
  } catch {
    return randomUuid();
  }
}

/** A version 4 UUID, also on pages without https, where `crypto.randomUUID` is missing. */
export function randomUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
