import type { Invitation } from "./state.ts";

interface InvitationsProps {
  invitations: readonly Invitation[];
  onAccept(invitation: Invitation): void;
  onDecline(invitation: Invitation): void;
}

/** The calls that ring; they are read out when they come. */
export function Invitations({ invitations, onAccept, onDecline }: InvitationsProps) {
  return (
    <div role="alert" className="invitations">
      {invitations.map((invitation) => (
        <div key={invitation.callId} className="card invitation" data-testid="incoming">
          <span className="pulse" aria-hidden="true" />
          <p className="invitation-text">
            <strong>
              <bdi>{invitation.from}</bdi>
            </strong>{" "}
            invites you to {invitation.isVideo ? "a video call" : "an audio call"}
          </p>
          <button
            type="button"
            className="button button-primary"
            data-testid="accept"
            onClick={() => onAccept(invitation)}
          >
            Accept
          </button>
          <button type="button" className="button" data-testid="decline" onClick={() => onDecline(invitation)}>
            Decline
          </button>
        </div>
      ))}
    </div>
  );
}
