export type * from "./dialects/group-call-session.ts";
export type * from "./dialects/match-session.ts";
export type * from "./dialects/meeting-session.ts";
export type * from "./dialects/random-session.ts";
export { type ChatMessage, type ChatroomCommands, type ChatroomState, useChatroom } from "./dialects/use-chatroom.ts";
export { type UsedConnection, useConnection } from "./dialects/use-connection.ts";
export { type GroupCallCommands, type GroupCallState, useGroupCall } from "./dialects/use-group-call.ts";
export { type IceServers, type IceServersOptions, useIceServers } from "./dialects/use-ice-servers.ts";
export { type MatchCommands, type MatchState, useMatch } from "./dialects/use-match.ts";
export { type MeetingCommands, type MeetingState, useMeeting } from "./dialects/use-meeting.ts";
export { type RandomCommands, type RandomState, useRandom } from "./dialects/use-random.ts";
export {
  type Signaling,
  type SignalingCallbacks,
  type SignalingOptions,
  useSignaling,
} from "./dialects/use-signaling.ts";
export { useWakeLock } from "./media/use-wake-lock.ts";
export type { ServerOptions } from "./session/use-session.ts";
