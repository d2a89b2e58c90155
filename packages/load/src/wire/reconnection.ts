/** The stock client's delays between two attempts, in ms. */
const FIRST_MS = 1000;
const LONGEST_MS = 5000;
const FACTOR = 2;
const JITTER = 0.5;

/**
 * How long the stock client waits before its next attempt to connect.
 * https://socket.io/docs/v4/client-options/#reconnectiondelay
 * @param failed attempts that have failed since it was last connected
 * @param random from 0 to 1, exclusive
 */
export function reconnectionDelay(failed: number, random: number): number {
  const delay = FIRST_MS * FACTOR ** failed;
  const deviation = Math.floor(random * JITTER * delay);
  const isShorter = (Math.floor(random * 10) & 1) === 0;
  return Math.min(isShorter ? delay - deviation : delay + deviation, LONGEST_MS);
}

/** Why a connection ended, in the stock client's words. */
export type DisconnectReason =
  | "io server disconnect"
  | "io client disconnect"
  | "ping timeout"
  | "transport close"
  | "transport error";
