import { connect } from "node:net";

/** The bytes that came back on a connection, until the other side closed it or had sent as much as was waited for. */
export interface RawAnswer {
  /** `undefined` when it was closed without an answer. */
  readonly status: number | undefined;
  readonly text: string;
}

/** How long an answer may take. */
const LIMIT_MS = 60_000;

export interface RawRequest {
  /** Whether the client ends its half at once, as one that gives up does. */
  readonly leaves?: boolean;
}

/**
 * Sends bytes as they are, each character one of them, and waits for an answer's head and as much of its body as it
 * announces, or for the connection's end.
 * @throws when there is neither within the limit
 */
export function sendRaw(url: string, bytes: string, { leaves }: RawRequest = {}): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
    const limit = setTimeout(() => {
      socket.destroy();
      reject(new Error(`neither an answer nor an end after ${JSON.stringify(bytes.slice(0, 200))}, only: ${text}`));
    }, LIMIT_MS);
    const done = () => {
      clearTimeout(limit);
      socket.destroy();
      const [, status] = /^HTTP\/1\.[01] (\d{3}) /.exec(text) ?? [];
      resolve({ status: status === undefined ? undefined : Number(status), text });
    };
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      text += chunk;
      if (isWhole(text)) done();
    });
    socket.on("error", done).on("end", done);
    socket.write(bytes, "latin1");
    if (leaves) socket.end();
  });
}

function isWhole(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) return false;
  const [, length] = /^content-length: (\d+)/im.exec(text.slice(0, end)) ?? [];
  if (length !== undefined) return text.length >= end + 4 + Number(length);
  return text.endsWith("0\r\n\r\n") || /^HTTP\/1\.1 101/.test(text);
}
