/** All of it in one file, for pages without a bundler. */
export * from "./call/index.ts";
export { calls } from "./dialects/calls.ts";
export { chat } from "./dialects/chat.ts";
export { match } from "./dialects/match.ts";
export { random } from "./dialects/random.ts";
export { rooms } from "./dialects/rooms.ts";
export * from "./index.ts";
