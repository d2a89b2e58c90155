import { useEffect, useRef } from "react";

interface VideoProps {
  stream: MediaStream | null;
  label: string;
  /** Played without sound. */
  own?: boolean;
  mirrored?: boolean;
  testId: string;
}

/** Plays a stream. */
export function Video({ stream, label, own = false, mirrored = own, testId }: VideoProps) {
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (element.current && element.current.srcObject !== stream) element.current.srcObject = stream;
  }, [stream]);
  return (
    <video
      ref={element}
      className={mirrored ? "video video-mirrored" : "video"}
      data-testid={testId}
      aria-label={label}
      autoPlay
      playsInline
      muted={own}
    />
  );
}
