export { CallControls, type CallControlsProps } from "./components/CallControls.tsx";
export { DevicePicker, type DevicePickerProps } from "./components/DevicePicker.tsx";
export { english, type Labels } from "./components/labels.ts";
export { Meeting, type MeetingProps } from "./components/Meeting.tsx";
export { type CallSummary, VideoCall, type VideoCallProps } from "./components/VideoCall.tsx";
export { VideoTile, type VideoTileProps } from "./components/VideoTile.tsx";
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
export { type UsedCall, useCall, useCallStats } from "./media/use-call.ts";
export { type Devices, useDevices } from "./media/use-devices.ts";
export { type LocalMediaOptions, type UsedLocalMedia, useLocalMedia } from "./media/use-local-media.ts";
export { type UsedMesh, useMesh } from "./media/use-mesh.ts";
export { useWakeLock } from "./media/use-wake-lock.ts";
export type { Follower, Group } from "./session/group.ts";
export type { ServerOptions } from "./session/use-session.ts";
