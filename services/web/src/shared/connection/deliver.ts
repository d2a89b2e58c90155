/** The part of an acknowledgement that decides whether to try again. */
interface Outcome {
  ok: boolean;
  error?: { retryable: boolean; retryAfterMs?: number };
}

const RETRY_MS = 1000;

/**
 * Emits until the server has answered for good. An event whose acknowledgement was lost with the connection is emitted again:
 * socket.io-client then buffers it, in order, until it is connected. So the server may get it twice, never not at all.
 * @param emit emits the event and resolves with its acknowledgement; rejects when the connection was lost before it came
 * @returns the last acknowledgement, or null when the event was no longer wanted
 */
export async function deliver<Reply extends Outcome>(
  emit: () => Promise<Reply>,
  stillWanted: () => boolean,
): Promise<Reply | null> {
  while (stillWanted()) {
    const reply = await emit().catch(() => null);
    if (reply === null) continue;
    if (reply.ok || !reply.error?.retryable) return reply;
    await new Promise((resolve) => setTimeout(resolve, reply.error?.retryAfterMs ?? RETRY_MS));
  }
  return null;
}
