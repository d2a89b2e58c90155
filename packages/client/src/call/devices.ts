export type Kind = "audio" | "video";

/**
 * Why a device could not be had.
 * - `insecure`: the page is neither on https nor on localhost.
 * - `refused`: the person, or the browser's settings, do not allow it.
 * - `missing`: there is none; `in_use`: another program has it; `failed`: it could not be started.
 * - `no_video`, `no_audio`: the other one of the two is there.
 */
export type MediaProblem = "insecure" | "refused" | "missing" | "in_use" | "failed" | "no_video" | "no_audio";

/** The devices that are wanted; `true`: any one, with a picture as calls use it. */
export type Wanted = Readonly<Record<Kind, boolean | MediaTrackConstraints>>;

/** Either may be null, or both are there: then a part of what was wanted is missing. */
interface Opened {
  stream: MediaStream | null;
  problem: MediaProblem | null;
}

const picture: MediaTrackConstraints = {
  width: { ideal: 640 },
  height: { ideal: 480 },
  frameRate: { ideal: 24, max: 30 },
  facingMode: "user",
};

const problems: Readonly<Record<string, MediaProblem>> = {
  NotAllowedError: "refused",
  NotFoundError: "missing",
  NotReadableError: "in_use",
};

/** Asks for camera and microphone; where only one of them can be had, for that; never rejects. */
export async function openDevices({ audio, video }: Wanted): Promise<Opened> {
  if (!navigator.mediaDevices) return { stream: null, problem: "insecure" };
  try {
    return { stream: await getDevices({ audio, video }), problem: null };
  } catch (error) {
    const problem = problemOf(error);
    return (audio && video && (await openHalf({ audio, video }, problem))) || { stream: null, problem };
  }
}

/** @throws DOMException as `getUserMedia` does */
export function getDevices({ audio = false, video = false }: Partial<Wanted>): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia({ audio, video: video === true ? picture : video });
}

export function problemOf(error: unknown): MediaProblem {
  return (error instanceof Error ? problems[error.name] : undefined) ?? "failed";
}

/** A person who has just said no is asked for nothing that is not allowed already. */
async function openHalf({ audio, video }: Wanted, problem: MediaProblem): Promise<Opened | null> {
  for (const half of [
    { name: "microphone", wanted: { audio }, without: "no_video" },
    { name: "camera", wanted: { video }, without: "no_audio" },
  ] as const) {
    if (problem === "refused" && !(await isAllowed(half.name))) continue;
    const stream = await getDevices(half.wanted).catch(() => null);
    if (stream) return { stream, problem: half.without };
  }
  return null;
}

async function isAllowed(name: "camera" | "microphone"): Promise<boolean> {
  const permission = await navigator.permissions.query({ name }).catch(() => null);
  return permission?.state === "granted";
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

/** Whether a device that was opened is no longer among those that are there. */
export async function isGone(track: MediaStreamTrack): Promise<boolean> {
  const { deviceId } = track.getSettings();
  if (track.readyState === "ended" || deviceId === undefined) return track.readyState === "ended";
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => null);
  return !(devices?.some((device) => device.deviceId === deviceId) ?? true);
}

export function stopTracks(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
