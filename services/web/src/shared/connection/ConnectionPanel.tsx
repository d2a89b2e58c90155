import type { Link } from "./link.ts";
import "./connection.css";

const states = { connecting: "connecting…", connected: "connected", reconnecting: "reconnecting…" } as const;

export interface ConnectionPanelProps {
  link: Link;
  /** Where the person is with others, and what that is called. */
  place: { name: string; id: string | null | undefined };
  /** Whether the dialect can say which nodes hold the two sides. */
  located?: boolean | undefined;
  onCut(): void;
}

/** The state of the connection to the cluster, and a way to see it recover. */
export function ConnectionPanel({ link, place, located = false, onCut }: ConnectionPanelProps) {
  const { state, transport, node, partnerNode, reconnects, recovered, sameSocketId } = link;
  const returned = state === "connected" && recovered !== null;
  return (
    <details className="panel" open={matchMedia("(min-width: 720px)").matches}>
      <summary>
        <span className={`dot dot-${state}`} aria-hidden="true" />
        Connection: {states[state]}
        {returned && (recovered ? ", recovered" : ", not recovered")}
      </summary>
      <dl className="panel-facts">
        {located && <Fact name="Your node" value={node} testId="own-node" />}
        {located && <Fact name="Partner's node" value={partnerNode} testId="partner-node" />}
        <Fact name="Transport" value={transport} testId="transport" />
        <Fact name="Reconnects" value={String(reconnects)} testId="reconnects" />
        <Fact name="Last one recovered" value={yesOrNo(recovered)} testId="recovered" />
        <Fact name="Same socket id" value={yesOrNo(sameSocketId)} testId="same-socket" />
        <Fact name={place.name} value={place.id ?? null} testId="room-id" />
      </dl>
      <div className="panel-action">
        <button type="button" className="button button-small" data-testid="cut" onClick={onCut}>
          Cut my connection
        </button>
        <p>It comes back by itself, maybe to another node. A conversation goes on as if nothing had happened.</p>
      </div>
    </details>
  );
}

function Fact({ name, value, testId }: { name: string; value: string | null; testId: string }) {
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd data-testid={testId} title={value ?? undefined}>
        {value ?? "–"}
      </dd>
    </div>
  );
}

function yesOrNo(value: boolean | null): string | null {
  if (value === null) return null;
  return value ? "yes" : "no";
}
