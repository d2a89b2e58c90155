import { Decoder, PacketType } from "socket.io-parser";
import { oversized } from "../events/event-arguments.ts";

/** An event's head, up to its name: type, namespace, id of the acknowledgement. */
const eventHead = /^2(?:(\/[^,]*),)?(\d{0,15})\["((?:[^"\\]|\\.){0,128})"/;

/**
 * The stock decoder, and two things more. An event over the limit loses its arguments unread, so that it is refused by name instead
 * of ending the connection. And a client that comes back before it ever had a numbered event sends no offset; that means: from the start.
 * @param maxEventBytes the largest text of an event, in bytes
 */
export function limitedDecoder(maxEventBytes: number): typeof Decoder {
  return class LimitedDecoder extends Decoder {
    override add(text: unknown): void {
      if (typeof text !== "string") return super.add(text);
      if (text.startsWith("0")) return super.add(withOffset(text));
      // a UTF-16 unit is at most three bytes
      if (text.length * 3 <= maxEventBytes || Buffer.byteLength(text) <= maxEventBytes) return super.add(text);
      const head = eventHead.exec(text);
      if (!head) throw new Error("too large");
      const [, nsp = "/", id, name] = head;
      super.emitReserved("decoded", {
        type: PacketType.EVENT,
        nsp,
        data: [name, oversized],
        ...(id ? { id: Number(id) } : {}),
      });
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
