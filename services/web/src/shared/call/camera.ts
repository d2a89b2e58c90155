/** The own camera and microphone. `problem` is a sentence for the person when they can't be had. */
export interface Camera {
  state: "off" | "asking" | "on" | "unavailable";
  stream: MediaStream | null;
  problem: string | null;
}

export const cameraOff: Camera = { state: "off", stream: null, problem: null };
export const cameraAsking: Camera = { state: "asking", stream: null, problem: null };

const picture: MediaTrackConstraints = {
  width: { ideal: 640 },
  height: { ideal: 480 },
  frameRate: { ideal: 24, max: 30 },
  facingMode: "user",
};

/** Asks for the microphone, and the camera if `video` is wanted; never rejects. */
export async function openCamera(video = true): Promise<Camera> {
  if (!navigator.mediaDevices) return unavailable("This page may use the camera only over https or on localhost.");
  try {
    const wanted = { video: video && picture, audio: true };
    return { state: "on", stream: await navigator.mediaDevices.getUserMedia(wanted), problem: null };
  } catch (error) {
    return unavailable(problemOf(error instanceof Error ? error.name : ""));
  }
}

export function closeCamera(camera: Camera): void {
  closeStream(camera.stream);
}

export function closeStream(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

function unavailable(problem: string): Camera {
  return {
    state: "unavailable",
    stream: null,
    problem: `${problem} You can go on without, and still see and hear the others.`,
  };
}

function problemOf(name: string): string {
  if (name === "NotAllowedError") return "The camera or microphone was not allowed.";
  if (name === "NotFoundError") return "No camera or microphone was found.";
  if (name === "NotReadableError") return "The camera or microphone is in use by another program.";
  return "The camera or microphone could not be started.";
}
