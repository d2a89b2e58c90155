export {
  type CallStep,
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
  nameOfRoom,
  type RoomId,
  roomNamed,
  type SessionId,
  type UserId,
} from "./ids.ts";
export { type Flag, type Flags, flagNames, type Member, noFlags, type Profile } from "./member.ts";
