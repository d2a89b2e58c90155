const sentences: Readonly<Record<string, string>> = {
  validation: "The server did not accept that.",
  not_joined: "You are no longer part of this.",
  match_full: "This match is full.",
  room_full: "This room is full.",
  user_offline: "That person is no longer there.",
  call_not_found: "This call is over.",
  room_not_found: "This conversation is over.",
  unauthorized: "You may not do that.",
  replaced: "You went on in another tab.",
  rate_limited: "That was too much at once.",
  payload_too_large: "That was too long.",
  server_busy: "The server has no room for anything new right now.",
  server_error: "The server could not do that just now.",
};

/** Why the server did not do something. */
interface Reason {
  code: string;
  message: string;
  retryAfterMs?: number | undefined;
}

/** The answer to an event, as far as it matters whether it had its effect. */
export type Acknowledged = { readonly ok: true } | { readonly ok: false; readonly error: Reason };

/** A refused event's reason as a sentence for a person. */
export function reasonText({ code, message, retryAfterMs }: Reason): string {
  return errorText(code, message, retryAfterMs);
}

/** A protocol error as a sentence for a person; for an unknown type it is the server's own text. */
export function errorText(type: string, message: string, retryAfterMs?: number): string {
  const sentence = sentences[type] ?? message;
  if (!retryAfterMs) return sentence;
  return `${sentence} Try again in ${Math.ceil(retryAfterMs / 1000)} s.`;
}
