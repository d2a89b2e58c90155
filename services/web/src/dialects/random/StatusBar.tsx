import type { RandomState } from "./state.ts";
import { statusText } from "./status-text.ts";

/** Where the person is, and what they should know; both are read out when they change. */
export function StatusBar({ state, onDismiss }: { state: RandomState; onDismiss(): void }) {
  const { count, notice, camera } = state;
  const problems = [notice, camera.problem].filter((text) => text !== null);
  return (
    <div className="status-bar">
      <div className="status-line">
        <p className="status" role="status" data-testid="status">
          {statusText(state)}
        </p>
        {count !== null && (
          <p className="count">
            <span data-testid="count">{count}</span> {count === 1 ? "person" : "people"} here
          </p>
        )}
      </div>
      <div role="alert" data-testid="notice">
        {problems.length > 0 && (
          <div className="notice">
            <p>{problems.join(" ")}</p>
            {notice !== null && (
              <button type="button" className="button button-small" onClick={onDismiss}>
                OK
              </button>
            )}
          </div>
        )}
      </div>
    </div>
  );
}
