import type { CallState } from "@switchyard/client/call";
import type { CSSProperties, ReactNode } from "react";
import { Video } from "./Video.tsx";
import "./call.css";
import "./tiles.css";

interface TileProps {
  name: string;
  stream: MediaStream | null;
  /** Whether there is something to see in the stream. */
  picture: boolean;
  own?: boolean;
  /** Whether the picture is a screen: shown whole, and never mirrored. */
  screen?: boolean;
  /** The reason why it can't be seen yet; null: there is none. */
  waiting?: string | null;
  /** Further information about that participant. */
  children?: ReactNode;
}

/** One participant. */
export function Tile({ name, stream, picture, own = false, screen = false, waiting = null, children }: TileProps) {
  const label = own ? `${name} (you)` : name;
  return (
    <li className={screen ? "tile tile-screen" : "tile"} data-testid={own ? "own-tile" : "tile"} data-name={name}>
      <Video
        stream={stream}
        label={`Video of ${label}`}
        testId={own ? "local-video" : "remote-video"}
        own={own}
        mirrored={own && !screen}
      />
      {(!picture || waiting !== null) && (
        <div className="cover">
          <span className="avatar" aria-hidden="true">
            {initialOf(name)}
          </span>
          <span className="tile-waiting">{waiting}</span>
        </div>
      )}
      <p className="tile-name">
        <bdi className="tile-label">{label}</bdi>
        {children}
      </p>
    </li>
  );
}

function initialOf(name: string): string {
  return (Array.from(name.trim())[0] ?? "?").toLocaleUpperCase();
}

/** Everyone in a call, as large as they can be. */
export function TileGrid({ count, children }: { count: number; children: ReactNode }) {
  const columns = Math.ceil(Math.sqrt(Math.max(1, count)));
  const style: CSSProperties & Record<"--columns", number> = { "--columns": columns };
  return (
    <ul className="tiles" style={style} aria-label="Participants">
      {children}
    </ul>
  );
}

/** The reason why a participant can't be seen and heard, or null. */
export function waitingText(view: CallState | undefined): string | null {
  if (view?.status === "connected") return null;
  if (view?.status === "failed") return "No connection";
  return view?.status === "restarting" ? "Interrupted, trying again…" : "Connecting…";
}
