import type { ReactNode } from "react";
import { useTitle } from "./app-name.ts";
import { ConnectionPanel, type ConnectionPanelProps } from "./connection/ConnectionPanel.tsx";
import type { Link } from "./connection/link.ts";
import { problemText } from "./media/own-media.ts";
import { ReportHost } from "./report/ReportButton.tsx";
import { StatusBar } from "./StatusBar.tsx";
import type { Visit, VisitActions } from "./visit.ts";

interface DialectPageProps extends Pick<ConnectionPanelProps, "located"> {
  session: { readonly visit: VisitActions };
  state: Visit;
  /** The one line that says where the person is. */
  status: string;
  /** Whether the person has begun something, which the browser's tab then names. */
  begun: boolean;
  /** Further information beside the status. */
  aside?: ReactNode;
  /** Where the person is with others; null: there is no connection to speak of. */
  place: ConnectionPanelProps["place"] | null;
  children: ReactNode;
}

/** The frame around the screens of all dialects' pages. */
export function DialectPage(props: DialectPageProps) {
  const { session, state, status, begun, aside, place, located, children } = props;
  useTitle(begun ? status : null);
  return (
    <ReportHost>
      <StatusBar
        text={status}
        away={state.link.state === "reconnecting"}
        aside={aside}
        notice={state.notice}
        problem={problemText(state.own)}
        onDismiss={session.visit.dismissNotice}
      />
      {children}
      <p className="visually-hidden" role="status" data-testid="returned">
        {returnText(state.link)}
      </p>
      {place && <ConnectionPanel link={state.link} place={place} located={located} onCut={session.visit.cut} />}
    </ReportHost>
  );
}

/** The result of the last reconnect, as text for screen readers. */
function returnText({ state, recovered }: Link): string | null {
  if (state !== "connected" || recovered === null) return null;
  return recovered ? "You are connected again, and nothing was missed." : "You are connected again.";
}
