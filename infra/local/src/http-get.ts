import { once } from "node:events";
import { get, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

/** A whole HTTP answer, small enough to be held in memory. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * One GET over a connection of its own, so that a server that is about to stop isn't kept waiting by an idle one.
 * @throws when nobody answers within `timeoutMs`
 */
export async function httpGet(url: string, timeoutMs: number): Promise<Answer> {
  const request = get(url, { agent: false, signal: AbortSignal.timeout(timeoutMs) });
  request.on("error", () => {}); // its answer breaks off, or the wait for one does
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
}
