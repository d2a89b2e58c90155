export type { DisconnectReason } from "./wire/reconnection.ts";
export { type Timed, type Timer, TimerWheel } from "./wire/timer-wheel.ts";
export { WireClient } from "./wire/wire-client.ts";
export type { WireOptions, WireOwner } from "./wire/wire-owner.ts";
