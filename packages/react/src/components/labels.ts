import type { MediaProblem } from "@switchyard/client/call";

/** All texts that the components show, for other languages. */
export interface Labels {
  mute: string;
  unmute: string;
  stopVideo: string;
  startVideo: string;
  shareScreen: string;
  stopScreen: string;
  devices: string;
  hangUp: string;
  camera: string;
  microphone: string;
  speaker: string;
  /** The own name. */
  you: string;
  muted: string;
  videoOff: string;
  play: string;
  controls: string;
  participants: string;
  messages: string;
  message: string;
  send: string;
  waiting: string;
  connecting: string;
  connected: string;
  restarting: string;
  failed: string;
  recovering: string;
  ended: string;
  rejected: string;
  poor: string;
  problems: Readonly<Record<MediaProblem, string>>;
}

export const english: Labels = {
  mute: "Mute",
  unmute: "Unmute",
  stopVideo: "Stop video",
  startVideo: "Start video",
  shareScreen: "Share screen",
  stopScreen: "Stop sharing",
  devices: "Devices",
  hangUp: "Hang up",
  camera: "Camera",
  microphone: "Microphone",
  speaker: "Speaker",
  you: "You",
  muted: "muted",
  videoOff: "no video",
  play: "Play",
  controls: "Call",
  participants: "Participants",
  messages: "Messages",
  message: "Message",
  send: "Send",
  waiting: "Waiting for the other one",
  connecting: "Connecting",
  connected: "Connected",
  restarting: "The connection broke, and is made again",
  failed: "The connection can't be made; it is tried on",
  recovering: "Connecting to the server again",
  ended: "The call has ended",
  rejected: "The call was not taken",
  poor: "The connection is poor",
  problems: {
    insecure: "Camera and microphone can be used only over https.",
    refused: "Camera and microphone were not allowed: the browser's address bar has a setting for it.",
    missing: "No camera and no microphone were found.",
    in_use: "Camera or microphone are used by another program.",
    failed: "Camera or microphone could not be started.",
    no_video: "You are heard, but not seen.",
    no_audio: "You are seen, but not heard.",
  },
};
