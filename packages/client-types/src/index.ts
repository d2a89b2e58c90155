export type { Ack, Acknowledge, Acknowledged, Refusal } from "./ack.ts";
export type { Candidate, Description } from "./body.ts";
export type * from "./generated/dialects.ts";
export type { ErrorCode } from "./generated/error-code.ts";
