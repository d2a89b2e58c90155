/** Types of Engine.IO's packets: https://socket.io/docs/v4/engine-io-protocol/ */
export const ENGINE = { open: "0", close: "1", ping: "2", pong: "3", message: "4", upgrade: "5" } as const;
/** Types of Socket.IO's packets: https://socket.io/docs/v4/socket-io-protocol/ */
export const SOCKET = { connect: "0", disconnect: "1", event: "2", ack: "3", connectError: "4" } as const;

/** A packet of Socket.IO, whose content is still text. */
export interface Packet {
  readonly type: string;
  readonly namespace: string;
  readonly id: number | undefined;
  readonly body: string;
}

/** @param text an Engine.IO message, its type included */
export function readPacket(text: string): Packet {
  const type = text[1] ?? "";
  let at = 2;
  let namespace = "/";
  if (text[at] === "/") {
    const comma = text.indexOf(",", at);
    const end = comma < 0 ? text.length : comma;
    namespace = text.slice(at, end);
    at = end + 1;
  }
  const digits = at;
  while (isDigit(text.charCodeAt(at))) at += 1;
  const id = at > digits ? Number(text.slice(digits, at)) : undefined;
  return { type, namespace, id, body: text.slice(at) };
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** The name of an event, without reading the rest of it. `undefined` if its name has to be decoded. */
export function nameOf(body: string): string | undefined {
  return /^\["([^"\\]*)"/.exec(body)?.[1];
}

/** The last argument of an event if it is a string, which is where a client looks for its offset. */
export function offsetOf(body: string): string | undefined {
  if (!body.endsWith('"]')) return undefined;
  const found = /[,[]"([^"\\]*)"\]$/.exec(body);
  if (found) return found[1];
  const last = (JSON.parse(body) as unknown[]).at(-1);
  return typeof last === "string" ? last : undefined;
}

/** The beginning of each packet of a namespace, by type. */
export function prefixOf(type: string, namespace: string): string {
  return `${ENGINE.message}${type}${namespace === "/" ? "" : `${namespace},`}`;
}
