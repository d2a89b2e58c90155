import { useEffect, useRef } from "react";

interface VideoProps {
  stream: MediaStream | null;
  label: string;
  own?: boolean;
  testId: string;
}

/** Plays a stream; the own one mirrored and without sound. */
export function Video({ stream, label, own = false, testId }: VideoProps) {
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (element.current && element.current.srcObject !== stream) element.current.srcObject = stream;
  }, [stream]);
  return (
    <video
      ref={element}
      className={own ? "video video-own" : "video"}
      data-testid={testId}
      aria-label={label}
      autoPlay
      playsInline
      muted={own}
    />
  );
}
