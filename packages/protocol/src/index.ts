export {
  type CallStep,
  type ChatMessage,
  type CoreEvent,
  type CoreEventOf,
  type CoreEventType,
  type Flag,
  type Flags,
  flagNames,
  type Json,
  type Member,
  noFlags,
  type Profile,
  type SignalKind,
  signalKinds,
} from "./core-event.ts";
export { type ErrorBody, type ErrorCode, errorTable, RequestError, unexpectedError } from "./errors.ts";
export {
  type DialectName,
  Id,
  MAX_ID_LENGTH,
  MAX_TEXT_LENGTH,
  type NodeId,
  nameOfRoom,
  type RoomId,
  roomNamed,
  type SessionId,
  type UserId,
} from "./ids.ts";
