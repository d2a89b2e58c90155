import type { QueuedTicket } from "@switchyard/store";

/** The part of the widening time for which recent partners are kept apart: 3 s of 5 s. */
const RECENT_FACTOR = 0.6;

/** When a ticket's preferences stop to bind it, and when recent partners will do; Unix times in ms. */
export function widensAt({ ticket }: QueuedTicket, widenMs: number): number {
  return ticket.since + widenMs;
}
export function forgivesAt({ ticket }: QueuedTicket, widenMs: number): number {
  return ticket.since + RECENT_FACTOR * widenMs;
}

/**
 * Whether two who wait may be paired now. Preferences bind each for the widening time; recent partners are kept apart for a part of it,
 * so that two who are there alone meet again soon; who blocked the other, the same user, and people of two cohorts never meet.
 */
export function mayMeet(one: QueuedTicket, two: QueuedTicket, now: number, widenMs: number): boolean {
  const [a, b] = [one.ticket, two.ticket];
  if (a.cohort !== b.cohort) return false;
  if (a.user === b.user || a.blocked.includes(b.user) || b.blocked.includes(a.user)) return false;
  if (haveMet(one, two) && (now < forgivesAt(one, widenMs) || now < forgivesAt(two, widenMs))) return false;
  if (now >= widensAt(one, widenMs) && now >= widensAt(two, widenMs)) return true;
  return !a.avoid.includes(b.user) && !b.avoid.includes(a.user) && suit(one, two);
}

/** Whether they met lately. */
export function haveMet({ ticket: a }: QueuedTicket, { ticket: b }: QueuedTicket): boolean {
  return a.recent.includes(b.user) || b.recent.includes(a.user);
}

/** Whether the preferences that both gave agree: language, region, and an interest in common. */
function suit({ ticket: a }: QueuedTicket, { ticket: b }: QueuedTicket): boolean {
  return agree(a.language, b.language) && agree(a.region, b.region) && share(a.interests, b.interests);
}

export function agree(one: string | undefined, two: string | undefined): boolean {
  return one === undefined || two === undefined || one === two;
}

function share(one: readonly string[], two: readonly string[]): boolean {
  if (one.length === 0 || two.length === 0) return true;
  const lower = new Set(one.map((interest) => interest.toLowerCase()));
  return two.some((interest) => lower.has(interest.toLowerCase()));
}
