import type { CallState } from "@switchyard/client/call";
import type { Participant } from "@switchyard/client-types/rooms";
import type { ReactNode } from "react";
import { Tile, TileGrid, waitingText } from "../../shared/call/Tile.tsx";

import { isDark, isSilent, type OwnMedia } from "../../shared/media/own-media.ts";
import type { ReportGrounds } from "../../shared/report/grounds.ts";
import { ReportButton } from "../../shared/report/ReportButton.tsx";
import type { Meeting } from "./state.ts";

interface MeetingTilesProps {
  meeting: Meeting;
  own: OwnMedia;
  onReport(participantId: string, grounds: ReportGrounds): Promise<string | null>;
}

export function MeetingTiles({ meeting, own, onReport }: MeetingTilesProps) {
  const { participants, participantId, views, place } = meeting;
  const others = participants.filter(({ id }) => id !== participantId);
  return (
    <TileGrid count={others.length + 1}>
      <OwnTile name={place.userName} own={own} />
      {others.map((participant) => (
        <OtherTile key={participant.id} participant={participant} view={views[participant.id]}>
          <ReportButton
            whom={participant.userName}
            testId={`report-${participant.userName}`}
            small
            onReport={(grounds) => onReport(participant.id, grounds)}
          />
        </OtherTile>
      ))}
    </TileGrid>
  );
}

function OwnTile({ name, own }: { name: string; own: OwnMedia }) {
  const { screen, stream } = own;
  const state = { isAudioMuted: isSilent(own), isVideoOff: isDark(own), isScreenSharing: screen !== null };
  return (
    <Tile name={name} stream={screen ?? stream} picture={screen !== null || !isDark(own)} screen={screen !== null} own>
      <Signs {...state} />
    </Tile>
  );
}

interface OtherTileProps {
  participant: Participant;
  view: CallState | undefined;
  children: ReactNode;
}

function OtherTile({ participant, view, children }: OtherTileProps) {
  const { userName, isVideoOff, isScreenSharing } = participant;
  return (
    <Tile
      name={userName}
      stream={view?.remote ?? null}
      picture={isScreenSharing || !isVideoOff}
      screen={isScreenSharing}
      waiting={waitingText(view)}
    >
      <Signs {...participant} />
      {children}
    </Tile>
  );
}

type State = Pick<Participant, "isAudioMuted" | "isVideoOff" | "isScreenSharing">;

function Signs({ isAudioMuted, isVideoOff, isScreenSharing }: State) {
  return (
    <>
      {isAudioMuted && <Badge sign="muted" label="muted" />}
      {isVideoOff && <Badge sign="dark" label="camera off" />}
      {isScreenSharing && <Badge sign="sharing" label="shares the screen" />}
    </>
  );
}

const paths = {
  muted: "M12 4a3 3 0 0 1 3 3v4a3 3 0 0 1-6 0V7a3 3 0 0 1 3-3M6 11a6 6 0 0 0 12 0M12 17v3M4 4l16 16",
  dark: "M3 7h11v10H3zM14 11l6-3v8l-6-3M3 3l18 18",
  sharing: "M3 5h18v11H3zM8 20h8M12 13V8M9.5 10.5 12 8l2.5 2.5",
} as const;

interface BadgeProps {
  sign: keyof typeof paths;
  label: string;
}

/** A small sign of a participant's state. */
function Badge({ sign, label }: BadgeProps) {
  return (
    <svg className="badge" viewBox="0 0 24 24" role="img" aria-label={label} data-testid={`badge-${sign}`}>
      <title>{label}</title>
      <path d={paths[sign]} />
    </svg>
  );
}
