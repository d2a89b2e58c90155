import { useFocusOnMount } from "../../shared/use-focus.ts";

export function ReplacedScreen({ onTakeOver }: { onTakeOver(): void }) {
  const button = useFocusOnMount<HTMLButtonElement>();
  return (
    <section className="waiting" aria-labelledby="replaced-title">
      <h1 id="replaced-title">You went on in another tab</h1>
      <p className="lead">You can be in one conversation at a time, so this tab has let go.</p>
      <button ref={button} type="button" className="button button-primary" data-testid="take-over" onClick={onTakeOver}>
        Use here
      </button>
    </section>
  );
}
