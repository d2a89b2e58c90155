export { openAnnouncer } from "./announcers.ts";
export { openContext, openContexts } from "./contexts.ts";
export type { AckFields, Allowance, Command, Dialect, WireEvent } from "./dialect.ts";
export { type Delivery, type DeliveryFollower, type DeliveryObserver, DialectWire } from "./dialect-wire.ts";
export { errorEvent } from "./error-event.ts";
export { type Limits, limitSettings, limitsOf } from "./limits.ts";
export { packetOf } from "./packet.ts";
export { dialects } from "./registry.ts";
