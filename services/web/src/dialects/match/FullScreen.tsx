import { useFocusOnMount } from "../../shared/hooks/use-page-life.ts";

/** At the door of a match that has its two already. */
export function FullScreen({ matchId, onLeave }: { matchId: string; onLeave(): void }) {
  const heading = useFocusOnMount<HTMLHeadingElement>();
  return (
    <section className="waiting" aria-labelledby="full-title">
      <h1 id="full-title" ref={heading} tabIndex={-1}>
        This match is full
      </h1>
      <p className="lead">
        There are two in <bdi className="name">{matchId}</bdi> already. You come in as soon as one of them leaves.
      </p>
      <button type="button" className="button" data-testid="leave" onClick={onLeave}>
        Choose another match
      </button>
    </section>
  );
}
