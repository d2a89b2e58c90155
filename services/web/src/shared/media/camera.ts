/** The own camera and microphone. `problem` is a sentence for the person when they can't be had. */
export interface Camera {
  state: "off" | "asking" | "on" | "unavailable";
  stream: MediaStream | null;
  problem: string | null;
}

export const cameraOff: Camera = { state: "off", stream: null, problem: null };
export const cameraAsking: Camera = { state: "asking", stream: null, problem: null };

const REFUSED = "NotAllowedError";

const picture: MediaTrackConstraints = {
  width: { ideal: 640 },
  height: { ideal: 480 },
  frameRate: { ideal: 24, max: 30 },
  facingMode: "user",
};

const halves = [
  {
    kind: "microphone",
    wanted: { audio: true },
    problem: "The others hear you, but do not see you. To be seen, allow or connect a camera and start again.",
  },
  {
    kind: "camera",
    wanted: { video: picture },
    problem: "The others see you, but do not hear you. To be heard, allow or connect a microphone and start again.",
  },
] as const;

/** Asks for the microphone, and the camera if `video` is wanted; where only one of them can be had, for that; never rejects. */
export async function openCamera(video = true): Promise<Camera> {
  if (!navigator.mediaDevices) return without("This page may use the camera only over https or on localhost.");
  try {
    return on(await navigator.mediaDevices.getUserMedia({ video: video && picture, audio: true }));
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    return (video && (await openHalf(name === REFUSED))) || without(problemOf(name));
  }
}

/** @param refused whether the person has just said no: nothing is then asked for that is not allowed already */
async function openHalf(refused: boolean): Promise<Camera | null> {
  for (const { kind, wanted, problem } of halves) {
    if (refused && !(await isAllowed(kind))) continue;
    const stream = await navigator.mediaDevices.getUserMedia(wanted).catch(() => null);
    if (stream) return on(stream, problem);
  }
  return null;
}

async function isAllowed(name: "camera" | "microphone"): Promise<boolean> {
  const permission = await navigator.permissions.query({ name }).catch(() => null);
  return permission?.state === "granted";
}

function on(stream: MediaStream, problem: string | null = null): Camera {
  return { state: "on", stream, problem };
}

export function closeCamera(camera: Camera): void {
  closeStream(camera.stream);
}

export function closeStream(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

function without(problem: string): Camera {
  const comfort = "You can go on without, and still see and hear the others.";
  return { state: "unavailable", stream: null, problem: `${problem} ${comfort}` };
}

function problemOf(name: string): string {
  if (name === REFUSED) {
    return "The camera or microphone was not allowed. To use it, allow it in your browser's address bar and start again.";
  }
  if (name === "NotFoundError") return "No camera or microphone was found. To use one, plug it in and start again.";
  if (name === "NotReadableError") {
    return "The camera or microphone is in use by another program. To use it here, close that one and start again.";
  }
  return "The camera or microphone could not be started.";
}

/** Asks for a screen, window or tab to share; null when the person does not want to, or the browser can't. */
export async function openScreen(): Promise<MediaStream | null> {
  try {
    return await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { ideal: 15, max: 30 } } });
  } catch {
    return null;
  }
}

/** Phones have nothing to share. */
export function canShareScreen(): boolean {
  return typeof navigator.mediaDevices?.getDisplayMedia === "function";
}
