// Generated from packages/dialects/src/registry.ts by `pnpm run docs`; don't edit it here.
export type * as calls from "./dialects/calls.ts";
export type * as chat from "./dialects/chat.ts";
export type * as match from "./dialects/match.ts";
export type * as random from "./dialects/random.ts";
export type * as rooms from "./dialects/rooms.ts";
