import type { Participant } from "@switchyard/client-types/rooms";
import { Badge } from "../../shared/call/Badge.tsx";
import type { CallView } from "../../shared/call/peer-call.ts";
import { Tile } from "../../shared/call/Tile.tsx";
import { TileGrid } from "../../shared/call/TileGrid.tsx";
import { waitingText } from "../../shared/call/waiting-text.ts";
import { isDark, isSilent, type OwnMedia } from "../../shared/media/own-media.ts";
import type { Meeting } from "./state.ts";

export function MeetingTiles({ meeting, own }: { meeting: Meeting; own: OwnMedia }) {
  const { participants, participantId, views, place } = meeting;
  const others = participants.filter(({ id }) => id !== participantId);
  return (
    <TileGrid count={others.length + 1}>
      <OwnTile name={place.userName} own={own} />
      {others.map((participant) => (
        <OtherTile key={participant.id} participant={participant} view={views[participant.id]} />
      ))}
    </TileGrid>
  );
}

function OwnTile({ name, own }: { name: string; own: OwnMedia }) {
  const { screen, camera } = own;
  const state = { isAudioMuted: isSilent(own), isVideoOff: isDark(own), isScreenSharing: screen !== null };
  return (
    <Tile
      name={name}
      stream={screen ?? camera.stream}
      picture={screen !== null || !isDark(own)}
      screen={screen !== null}
      own
    >
      <Signs {...state} />
    </Tile>
  );
}

function OtherTile({ participant, view }: { participant: Participant; view: CallView | undefined }) {
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
