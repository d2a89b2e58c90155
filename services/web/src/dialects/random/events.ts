/** What a refused event is answered with. `retryAfterMs` is given where waiting helps. */
export interface Refusal {
  code: string;
  message: string;
  retryable: boolean;
  retryAfterMs?: number;
}

/** The acknowledgement of every event. */
export type Reply<Extra extends object = object> = ({ ok: true } & Extra) | { ok: false; error: Refusal };

type Ack<Extra extends object = object> = (reply: Reply<Extra>) => void;

export type ChatType = "chat" | "video";

export interface Preferences {
  interests?: string[];
  language?: string;
}

interface Join {
  userId: string;
  type: ChatType;
  preferences?: Preferences;
}

/** Which nodes hold the two sides; null: not known at this moment, or there is no partner. */
interface Whereabouts {
  node: string | null;
  partnerNode: string | null;
}

interface InRoom {
  roomId: string;
}

export interface ClientToServer {
  join(payload: Join, ack: Ack): void;
  next(payload: object, ack: Ack): void;
  leave_queue(payload: object, ack: Ack): void;
  leave_room(payload: InRoom, ack: Ack): void;
  block_user(payload: InRoom, ack: Ack): void;
  send_message(payload: InRoom & { message: string }, ack: Ack): void;
  typing(payload: InRoom & { isTyping: boolean }): void;
  offer(payload: InRoom & { offer: RTCSessionDescriptionInit }, ack: Ack): void;
  answer(payload: InRoom & { answer: RTCSessionDescriptionInit }, ack: Ack): void;
  ice_candidate(payload: InRoom & { candidate: RTCIceCandidateInit | null }, ack: Ack): void;
  where(payload: object, ack: Ack<Whereabouts>): void;
}

export interface PartnerFound extends InRoom {
  partnerId: string;
  type: ChatType;
  initiator: boolean;
  sharedInterests: string[];
}

/** `sender` is a user id, `timestamp` an ISO time. */
export interface NewMessage {
  id: string;
  text: string;
  sender: string;
  timestamp: string;
  type: "text";
}

/** `type` is one of the protocol's error types. */
export interface ErrorNotice {
  type: string;
  message: string;
  retryAfterMs?: number;
}

export interface ServerToClient {
  waiting_for_partner(payload: { position?: number; estimatedWaitMs?: number }): void;
  partner_found(payload: PartnerFound): void;
  partner_disconnected(payload: object): void;
  new_message(payload: NewMessage): void;
  user_typing(payload: { isTyping: boolean }): void;
  offer(payload: { offer: RTCSessionDescriptionInit }): void;
  answer(payload: { answer: RTCSessionDescriptionInit }): void;
  ice_candidate(payload: { candidate: RTCIceCandidateInit | null }): void;
  user_count_update(payload: { count: number }): void;
  error(payload: ErrorNotice): void;
  "server-shutdown"(payload: { message: string }): void;
}
