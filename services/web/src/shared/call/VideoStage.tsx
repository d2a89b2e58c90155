import type { Camera } from "../media/camera.ts";
import { mediaOf } from "../media/own-media.ts";
import type { CallView } from "./peer-call.ts";
import { Video } from "./Video.tsx";
import "./call.css";

/** The partner's picture, large, with the own one in its corner. */
export function VideoStage({ call, camera }: { call: CallView; camera: Camera }) {
  const placeholder = placeholderOf(call);
  return (
    <div className="stage" data-testid="stage">
      <Video stream={call.remote} label="Your partner's video" testId="remote-video" />
      {placeholder && (
        <div className="cover">
          {placeholder.busy && <span className="pulse" aria-hidden="true" />}
          <span>{placeholder.text}</span>
        </div>
      )}
      <div className="stage-own" data-testid="own-picture">
        {mediaOf(camera.stream).video ? (
          <Video stream={camera.stream} label="Your own video" testId="local-video" own />
        ) : (
          <span>No camera</span>
        )}
      </div>
    </div>
  );
}

function placeholderOf({ state, remote }: CallView): { text: string; busy: boolean } | null {
  if (state === "failed") return { text: "No video connection", busy: false };
  if (state === "restarting") return { text: "Interrupted, trying again…", busy: true };
  if (state !== "connected") return { text: "Connecting…", busy: true };
  return mediaOf(remote).video ? null : { text: "Your partner has no camera", busy: false };
}
