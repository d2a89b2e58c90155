import { Call, type CallOptions, LocalMedia, type Signal } from "@switchyard/client/call";

/** Two sides of a call in one page, whose signals go straight to each other. */
export interface Sides {
  readonly calls: [Call, Call];
  /** How often each side offered. */
  readonly offers: [number, number];
  readonly answers: [number, number];
  /** One side begins anew and offers, as after a reload of its page. */
  reload(side: 0 | 1): void;
  close(): void;
}

type Both<Part> = readonly [Part, Part];

interface Given {
  offering: Both<boolean>;
  /** What each side sends at first. */
  pictures: Both<MediaStreamTrack | null>;
  options?: Partial<CallOptions>;
  /** How long a signal takes, in ms. */
  delayMs?: number;
  /** How often each signal arrives. */
  copies?: number;
}

export function openSides({ offering, pictures, options, delayMs = 5, copies = 1 }: Given): Sides {
  const listeners: ((signal: Signal) => void)[] = [];
  const offers: [number, number] = [0, 0];
  const answers: [number, number] = [0, 0];
  const open = (side: 0 | 1, initiator = offering[side]): Call => {
    const local = new LocalMedia();
    local.replace("video", pictures[side]);
    return new Call({
      polite: side === 0,
      initiator,
      local,
      kinds: ["video"],
      ...options,
      signals: {
        async send(signal) {
          if (signal.kind === "offer") offers[side] += 1;
          if (signal.kind === "answer") answers[side] += 1;
          for (let copy = 0; copy < copies; copy += 1) setTimeout(() => listeners[1 - side]?.(signal), delayMs);
        },
        onSignal(listener) {
          listeners[side] = listener;
          return () => delete listeners[side];
        },
        onMissed: () => () => {},
        close() {},
      },
    });
  };
  const calls: [Call, Call] = [open(0), open(1)];
  const reload = (side: 0 | 1) => {
    calls[side].close();
    calls[side] = open(side, true);
  };
  const close = () => {
    for (const call of calls) call.close();
  };
  return { calls, offers, answers, reload, close };
}

/** A picture that moves, so that frames are sent. A camera's is wide, a screen's is square. */
export function draw(shape: "wide" | "square" = "wide"): MediaStreamTrack {
  const canvas = Object.assign(document.createElement("canvas"), { width: 160, height: shape === "wide" ? 80 : 160 });
  const context = canvas.getContext("2d");
  setInterval(() => context?.fillRect(0, 0, Math.random() * 160, 9), 30);
  const [track] = canvas.captureStream(30).getVideoTracks();
  if (!track) throw new Error("A canvas has a picture.");
  return track;
}

/** The shape of the picture that a call receives, at every moment. */
export function watch({ state }: Call): () => "none" | "wide" | "square" {
  const video = Object.assign(document.createElement("video"), { muted: true, autoplay: true });
  return () => {
    const { remote } = state.get();
    if (remote && video.srcObject !== remote) video.srcObject = remote;
    const { videoWidth, videoHeight } = video;
    if (videoWidth === 0) return "none";
    return videoWidth === videoHeight ? "square" : "wide";
  };
}

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resume) => setTimeout(resume, 20));
}

/** Waits until a call receives a picture of that shape. */
export async function sees(call: Call, shape: "wide" | "square"): Promise<void> {
  const seen = watch(call);
  await until(() => seen() === shape);
}
