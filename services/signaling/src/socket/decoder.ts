import { Decoder, PacketType } from "socket.io-parser";
import { binary, oversized } from "../events/event-arguments.ts";

/** An event's head, up to its name: type, namespace, id of the acknowledgement. */
const eventHead = /^(?:(\/[^,]*),)?(\d{0,15})\["((?:[^"\\]|\\.){0,128})"/;
/** The type of a packet with binary, an event or an acknowledgement, and how many attachments follow it. */
const binaryHead = /^([56])\d+-/;

/**
 * The stock decoder, and three things more. An event over the limit loses its arguments unread, so that it is refused by name instead
 * of ending the connection. Binary is dropped: an event with attachments loses its arguments, and attachments are not waited for, so
 * that nothing is kept of those that never come. And a client that comes back before it ever had a numbered event sends no offset; that
 * means: from the start.
 * @param maxEventBytes the largest text of an event, in bytes
 */
export function limitedDecoder(maxEventBytes: number): typeof Decoder {
  return class LimitedDecoder extends Decoder {
    override add(text: unknown): void {
      if (Buffer.isBuffer(text)) return; // an attachment, announced or not
      if (typeof text !== "string") return super.add(text);
      if (text.startsWith("0")) return super.add(withOffset(text));
      const [announced, type] = binaryHead.exec(text) ?? [];
      if (announced !== undefined) {
        if (type === "5") this.#emitMarked(binary, text.slice(announced.length));
        return;
      }
      // a UTF-16 unit is at most three bytes
      if (text.length * 3 <= maxEventBytes || Buffer.byteLength(text) <= maxEventBytes) return super.add(text);
      if (!text.startsWith("2") || !this.#emitMarked(oversized, text.slice(1))) throw new Error("too large");
    }

    /** Hands an event on with a mark in the place of its arguments; whether its name can be read. */
    #emitMarked(mark: symbol, event: string): boolean {
      const [head, nsp = "/", id, name] = eventHead.exec(event) ?? [];
      if (head === undefined) return false;
      const packet = { type: PacketType.EVENT, nsp, data: [name, mark] };
      super.emitReserved("decoded", id ? { ...packet, id: Number(id) } : packet);
      return true;
    }
  };
}

/** A CONNECT packet with the offset that it means. */
function withOffset(text: string): string {
  const start = text.indexOf("{");
  if (start < 0) return text;
  try {
    const auth: unknown = JSON.parse(text.slice(start));
    if (typeof auth !== "object" || auth === null || !("pid" in auth) || "offset" in auth) return text;
    return text.slice(0, start) + JSON.stringify({ ...auth, offset: "0" });
  } catch {
    return text; // the stock decoder reports what is wrong with it
  }
}
