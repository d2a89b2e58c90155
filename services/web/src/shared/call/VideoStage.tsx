import type { CallState } from "@switchyard/client/call";
import { hasPicture, type OwnMedia } from "../media/own-media.ts";
import { Video } from "./Video.tsx";
import "./call.css";

/** The partner's picture, large, with the own one in its corner. */
export function VideoStage({ call, own }: { call: CallState; own: OwnMedia }) {
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
        {hasPicture(own.stream) ? (
          <Video stream={own.stream} label="Your own video" testId="local-video" own />
        ) : (
          <span>No camera</span>
        )}
      </div>
    </div>
  );
}

function placeholderOf({ status, remote }: CallState): { text: string; busy: boolean } | null {
  if (status === "failed") return { text: "No video connection", busy: false };
  if (status === "restarting") return { text: "Interrupted, trying again…", busy: true };
  if (status !== "connected") return { text: "Connecting…", busy: true };
  return hasPicture(remote) ? null : { text: "Your partner has no camera", busy: false };
}
