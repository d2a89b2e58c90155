import { z } from "zod";

const number = z.int().min(0);

/**
 * One side of a conversation of two whose other side is a user of another worker. Neither of the two knows what is owed:
 * what was accepted is known where it was sent, and what arrived where it was received.
 */
export const Half = z.object({
  room: z.string(),
  user: z.string(),
  partner: z.string(),
  /** The number by which the user's messages name the conversation. */
  conversation: number,
  /** Its messages have the numbers from `first` to `last`; the cluster did not accept those in `unaccepted`, or did not answer. */
  sent: z.object({ first: number, last: number, unaccepted: z.array(number) }).optional(),
  /** The partner's messages that arrived, and by which number these name the conversation. */
  received: z.object({ conversation: number, first: number, last: number, missing: z.array(number) }).optional(),
  /**
   * - `stayed`: it was there when the run was over
   * - `left`: it asked to leave first
   * - `gone`: it received that the partner is gone
   * - `lost`: its session was lost, or it had no connection at the end
   */
  ending: z.enum(["stayed", "left", "gone", "lost"]),
  /** For how long it was in the room, in ms. */
  heldMs: z.number().min(0),
});
export type Half = z.output<typeof Half>;
