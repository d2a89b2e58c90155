import { type ReactElement, useEffect, useRef, useState } from "react";
import { type MatchState, useMatch } from "../dialects/use-match.ts";
import { type UsedCall, useCall, useCallStats } from "../media/use-call.ts";
import { useLocalMedia } from "../media/use-local-media.ts";
import { useWakeLock } from "../media/use-wake-lock.ts";
import type { ServerOptions } from "../session/use-session.ts";
import { CallControls } from "./CallControls.tsx";
import { english, type Labels } from "./labels.ts";
import { VideoTile } from "./VideoTile.tsx";

export interface CallSummary {
  /** When media came first (ISO 8601); null: never. */
  startedAt: string | null;
  endedAt: string;
  endedBy: "self" | "other";
}

export interface VideoCallProps extends Pick<ServerOptions, "url" | "token"> {
  /** Both of the two know it. */
  matchId: string;
  userId: string;
  otherUserId: string;
  otherUserName: string;
  /** Called once, when either side has hung up. */
  onEndCall?: ((summary: CallSummary) => void) | undefined;
  /** Whether a camera is wanted. Default: true. */
  video?: boolean | undefined;
  labels?: Partial<Labels> | undefined;
}

/** A call of two in a known match. It begins by itself once both are there, and goes on after a reload of either page. */
export function VideoCall({
  otherUserId,
  otherUserName,
  onEndCall,
  video = true,
  ...props
}: VideoCallProps): ReactElement {
  const { matchId, userId, url, token } = props;
  const labels = { ...english, ...props.labels };
  const [isOver, setOver] = useState(false);
  const [speakerId, setSpeaker] = useState<string>();
  const startedAt = useRef<string | null>(null);
  const match = useMatch({ url, token, userId, matchId, enabled: !isOver });
  const media = useLocalMedia({ video, enabled: !isOver });
  const isOn = match.call === "accepted" && match.peer === otherUserId;
  // A question about the camera may be open for long: signals that came meanwhile would find no call.
  const isReady = media.status === "on" || media.status === "unavailable";
  const call = useCall(match.connection, {
    to: otherUserId,
    polite: userId < otherUserId,
    initiator: match.isCaller,
    local: media.local,
    enabled: isOn && !isOver,
  });
  useWakeLock(!isOver);

  const { found, initiateCall, acceptCall } = match;
  useEffect(() => {
    // The one that finds the other one calls; one that has gone again calls when it is back.
    if (isReady && found.includes(otherUserId)) initiateCall(otherUserId).catch(() => {});
  }, [isReady, found, otherUserId, initiateCall]);
  const rings = match.call === "ringing" && match.peer === otherUserId;
  useEffect(() => {
    if (isReady && rings) acceptCall().catch(() => {});
  }, [isReady, rings, acceptCall]);

  const end = (endedBy: CallSummary["endedBy"]) => {
    setOver(true);
    onEndCall?.({ startedAt: startedAt.current, endedAt: new Date().toISOString(), endedBy });
  };
  const isEnded = match.call === "ended" && match.participants.includes(otherUserId);
  useEffect(() => {
    if (isEnded) end("other");
  }, [isEnded]);
  if (call.status === "connected") startedAt.current ??= new Date().toISOString();

  return (
    <section className="sy-call" aria-label={otherUserName} data-status={isOver ? "ended" : call.status}>
      <div className="sy-stage">
        <VideoTile stream={call.remote} name={otherUserName} speakerId={speakerId} labels={props.labels} />
        <VideoTile
          stream={media.screen ?? media.stream}
          name={labels.you}
          isOwn
          isScreen={media.screen !== null}
          isMuted={media.isAudioMuted || !media.tracks.audio}
          isVideoOff={media.isVideoOff && !media.screen}
          labels={props.labels}
        />
      </div>
      <p role="status">{isOver ? labels.ended : <Progress match={match} call={call} isOn={isOn} labels={labels} />}</p>
      {match.error && !isOver && <p role="alert">{match.error.message}</p>}
      {media.problem && <p role="alert">{labels.problems[media.problem]}</p>}
      {!isOver && (
        <CallControls
          media={media}
          onSpeaker={setSpeaker}
          labels={props.labels}
          onHangUp={() => {
            match.endCall().catch(() => {}); // the other side sees this one leave
            end("self");
          }}
        />
      )}
    </section>
  );
}

/** From here on media is a trial for those who talk. */
const POOR = { roundTripMs: 500, lossIn: 0.1 };

function Progress({ match, call, isOn, labels }: { match: MatchState; call: UsedCall; isOn: boolean; labels: Labels }) {
  const { roundTripMs, lossIn } = useCallStats(call.call);
  if (match.status === "recovering") return labels.recovering;
  if (match.call === "rejected") return match.reason ?? labels.rejected;
  if (!isOn) return labels.waiting;
  if (call.status === "closed") return labels.connecting;
  const isPoor = (roundTripMs ?? 0) > POOR.roundTripMs || (lossIn ?? 0) > POOR.lossIn;
  return call.status === "connected" && isPoor ? labels.poor : labels[call.status];
}
