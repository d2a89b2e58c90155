import { type FormEvent, type ReactElement, useEffect, useRef, useState } from "react";
import { type MeetingCommands, type MeetingState, useMeeting } from "../dialects/use-meeting.ts";
import { useLocalMedia } from "../media/use-local-media.ts";
import { useMesh } from "../media/use-mesh.ts";
import { useWakeLock } from "../media/use-wake-lock.ts";
import type { ServerOptions } from "../session/use-session.ts";
import { CallControls } from "./CallControls.tsx";
import { english, type Labels } from "./labels.ts";
import { VideoTile } from "./VideoTile.tsx";

export interface MeetingProps extends Pick<ServerOptions, "url" | "token"> {
  roomId: string;
  userName: string;
  /** Called when this participant has left. */
  onLeave?: (() => void) | undefined;
  /** Whether a camera is wanted. Default: true. */
  video?: boolean | undefined;
  labels?: Partial<Labels> | undefined;
}

/** A meeting: a tile for each participant, and messages. */
export function Meeting({ roomId, userName, onLeave, video = true, ...props }: MeetingProps): ReactElement {
  const labels = { ...english, ...props.labels };
  const [isOver, setOver] = useState(false);
  const [speakerId, setSpeaker] = useState<string>();
  const meeting = useMeeting({ url: props.url, token: props.token, roomId, userName, enabled: !isOver });
  const media = useLocalMedia({ video, enabled: !isOver });
  const isReady = media.status !== "asking" && media.status !== "off";
  const { calls } = useMesh(meeting.group, { local: media.local });
  useWakeLock(!isOver);

  const { ownId, show } = meeting;
  const [isAudioMuted, isVideoOff] = [
    media.isAudioMuted || !media.tracks.audio,
    media.isVideoOff || !media.tracks.video,
  ];
  const isScreenSharing = media.screen !== null;
  useEffect(() => {
    if (ownId !== null && isReady) show({ isAudioMuted, isVideoOff, isScreenSharing }).catch(() => {}); // it has just left
  }, [ownId, isReady, isAudioMuted, isVideoOff, isScreenSharing, show]);

  const leave = () => {
    meeting.leave().catch(() => {}); // the others see this one go
    setOver(true);
    onLeave?.();
  };
  const others = meeting.participants.filter(({ id }) => id !== ownId);
  return (
    <section className="sy-meeting" aria-label={roomId} data-status={isOver ? "ended" : meeting.status}>
      <ul className="sy-grid" aria-label={labels.participants}>
        {!isOver && (
          <li>
            <VideoTile
              stream={media.screen ?? media.stream}
              name={labels.you}
              isOwn
              isScreen={isScreenSharing}
              isMuted={isAudioMuted}
              isVideoOff={isVideoOff && !isScreenSharing}
              labels={props.labels}
            />
          </li>
        )}
        {others.map((other) => (
          <li key={other.id}>
            <VideoTile
              stream={calls[other.id]?.remote ?? null}
              name={other.userName}
              isMuted={other.isAudioMuted}
              isVideoOff={other.isVideoOff && !other.isScreenSharing}
              isScreen={other.isScreenSharing}
              speakerId={speakerId}
              labels={props.labels}
            />
          </li>
        ))}
      </ul>
      <p role="status">{isOver ? labels.ended : statusOf(meeting, labels)}</p>
      {meeting.error && !isOver && <p role="alert">{meeting.error.message}</p>}
      {media.problem && <p role="alert">{labels.problems[media.problem]}</p>}
      {!isOver && <Chat meeting={meeting} labels={labels} />}
      {!isOver && <CallControls media={media} onSpeaker={setSpeaker} onHangUp={leave} labels={props.labels} />}
    </section>
  );
}

function statusOf({ status, ownId }: MeetingState, labels: Labels): string {
  if (status === "recovering") return labels.recovering;
  return ownId === null ? labels.connecting : labels.connected;
}

function Chat({ meeting, labels }: { meeting: MeetingState & MeetingCommands; labels: Labels }): ReactElement {
  const [text, setText] = useState("");
  const log = useRef<HTMLDivElement>(null);
  const { messages } = meeting;
  useEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight });
  }, [messages]);
  const send = (event: FormEvent) => {
    event.preventDefault();
    const message = text.trim();
    if (message === "") return;
    setText("");
    meeting.sendMessage(message).catch(() => setText((typed) => typed || message)); // to be sent again
  };
  return (
    <div className="sy-chat">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without the focus, the keyboard could not scroll it */}
      <div className="sy-log" ref={log} role="log" aria-label={labels.messages} tabIndex={0}>
        {messages.map(({ id, userName, message }) => (
          <p key={id}>
            <b>{userName}</b> {message}
          </p>
        ))}
      </div>
      <form onSubmit={send}>
        <input value={text} onChange={({ target }) => setText(target.value)} aria-label={labels.message} />
        <button type="submit" className="sy-button">
          {labels.send}
        </button>
      </form>
    </div>
  );
}
