import { useFocusOnMount } from "./hooks/use-page-life.ts";

interface ReplacedScreenProps {
  /** Why there is one place only. */
  reason: string;
  onTakeOver(): void;
}

export function ReplacedScreen({ reason, onTakeOver }: ReplacedScreenProps) {
  const button = useFocusOnMount<HTMLButtonElement>();
  return (
    <section className="waiting" aria-labelledby="replaced-title">
      <h1 id="replaced-title">You went on in another tab</h1>
      <p className="lead">{reason} This tab has let go.</p>
      <button ref={button} type="button" className="button button-primary" data-testid="take-over" onClick={onTakeOver}>
        Use here
      </button>
    </section>
  );
}
