/** A session description as browsers make and take it (RTCSessionDescriptionInit). Servers pass it on unread. */
export interface Description {
  type: "answer" | "offer" | "pranswer" | "rollback";
  sdp?: string;
}

/** A candidate as browsers make and take it (RTCIceCandidateInit), or null for the end of candidates. Servers pass it on unread. */
export type Candidate = {
  candidate?: string;
  sdpMid?: string | null;
  sdpMLineIndex?: number | null;
  usernameFragment?: string | null;
} | null;
