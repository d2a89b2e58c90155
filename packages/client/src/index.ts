export type { Ack, Candidate, Description, ErrorCode, Refusal } from "@switchyard/client-types";
export type { Token } from "./access-token.ts";
export { CommandError, type CommandErrorCode } from "./command-error.ts";
export { connect } from "./connect.ts";
export type { Connection, ConnectOptions } from "./connection.ts";
export type { ConnectionState } from "./connection-state.ts";
export type { AnswerOf, ContentsOf, Dialect, Listener, OpeningEvent, SignalNames } from "./dialect.ts";
export { type Store, WritableStore } from "./store.ts";
