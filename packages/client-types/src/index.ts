export type { Ack, Acknowledge, Acknowledged, Refusal } from "./ack.ts";
export type { Candidate, Description } from "./body.ts";
export type * as calls from "./calls.ts";
export type * as chat from "./chat.ts";
export type { ErrorCode } from "./error-code.ts";
export type * as match from "./match.ts";
export type * as random from "./random.ts";
export type * as rooms from "./rooms.ts";
