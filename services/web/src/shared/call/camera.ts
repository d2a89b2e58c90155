/** The own camera and microphone. `problem` is a sentence for the person when they can't be had. */
export interface Camera {
  state: "off" | "asking" | "on" | "unavailable";
  stream: MediaStream | null;
  problem: string | null;
}

export const cameraOff: Camera = { state: "off", stream: null, problem: null };
export const cameraAsking: Camera = { state: "asking", stream: null, problem: null };

const wanted: MediaStreamConstraints = {
  video: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 24, max: 30 }, facingMode: "user" },
  audio: true,
};

/** Asks for camera and microphone; never rejects. */
export async function openCamera(): Promise<Camera> {
  if (!navigator.mediaDevices) return unavailable("This page may use the camera only over https or on localhost.");
  try {
    return { state: "on", stream: await navigator.mediaDevices.getUserMedia(wanted), problem: null };
  } catch (error) {
    return unavailable(problemOf(error instanceof Error ? error.name : ""));
  }
}

export function closeCamera(camera: Camera): void {
  for (const track of camera.stream?.getTracks() ?? []) track.stop();
}

function unavailable(problem: string): Camera {
  return {
    state: "unavailable",
    stream: null,
    problem: `${problem} You can go on by text and still see your partner.`,
  };
}

function problemOf(name: string): string {
  if (name === "NotAllowedError") return "The camera or microphone was not allowed.";
  if (name === "NotFoundError") return "No camera or microphone was found.";
  if (name === "NotReadableError") return "The camera or microphone is in use by another program.";
  return "The camera or microphone could not be started.";
}
