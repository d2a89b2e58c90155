export {
  type ChatMessage,
  type CoreEvent,
  type CoreEventOf,
  type CoreEventType,
  type Json,
  type SignalKind,
  signalKinds,
} from "./core-event.ts";
export { type ErrorCode, errorTable, type Refusal, RefusedError, unexpected } from "./errors.ts";
export {
  type DialectName,
  dialectNames,
  Id,
  MAX_ID_LENGTH,
  MAX_TEXT_LENGTH,
  type NodeId,
  type RoomId,
  type SessionId,
  type UserId,
} from "./ids.ts";
