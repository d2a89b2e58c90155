import { type ReactElement, useEffect, useRef, useState } from "react";
import { english, type Labels } from "./labels.ts";

export interface VideoTileProps {
  /** null: nothing is received. */
  stream: MediaStream | null;
  name: string;
  /** The own picture: as in a mirror, and without sound. */
  isOwn?: boolean | undefined;
  isMuted?: boolean | undefined;
  isVideoOff?: boolean | undefined;
  /** A screen is shown as it is, and whole. */
  isScreen?: boolean | undefined;
  /** The speaker to be heard by, where the browser lets pages choose. */
  speakerId?: string | undefined;
  labels?: Partial<Labels> | undefined;
}

/** One participant: the picture, the name, and what is not sent. */
export function VideoTile(props: VideoTileProps): ReactElement {
  const { stream, name, isOwn = false, isMuted = false, isVideoOff = false, isScreen = false, speakerId } = props;
  const labels = { ...english, ...props.labels };
  const video = useRef<HTMLVideoElement>(null);
  const [isHeld, setHeld] = useState(false);
  const play = () =>
    video.current?.play().then(
      () => setHeld(false),
      (error: unknown) => setHeld(error instanceof DOMException && error.name === "NotAllowedError"),
    );
  useEffect(() => {
    if (!video.current) return;
    video.current.srcObject = stream;
    if (stream) void play();
  }, [stream]);
  useEffect(() => {
    const element: { setSinkId?(id: string): Promise<void> } | null = video.current;
    if (speakerId !== undefined) element?.setSinkId?.(speakerId).catch(() => {}); // it has been unplugged
  }, [speakerId]);
  const isDark = isVideoOff || !stream?.getVideoTracks().length;
  const kind = `sy-tile${isOwn && !isScreen ? " sy-tile-own" : ""}${isScreen ? " sy-tile-screen" : ""}`;
  const signs = [isMuted && labels.muted, isDark && labels.videoOff].filter((sign) => sign !== false);
  return (
    <figure className={kind} data-name={name}>
      <video ref={video} autoPlay playsInline muted={isOwn} hidden={isDark} aria-label={name} />
      {isDark && (
        <span className="sy-initial" aria-hidden="true">
          {[...name][0]?.toUpperCase()}
        </span>
      )}
      {isHeld && (
        <button type="button" className="sy-button sy-play" onClick={play}>
          {labels.play}
        </button>
      )}
      <figcaption>
        {name}
        {signs.length > 0 && <span className="sy-signs"> ({signs.join(", ")})</span>}
      </figcaption>
    </figure>
  );
}
