export { errorEvent } from "./common-events.ts";
export { openAnnouncer, openContext, openContexts } from "./contexts.ts";
export { type AckFields, type Allowance, type Command, type Dialect, packetOf, type WireEvent } from "./dialect.ts";
export { type Delivery, type DeliveryFollower, type DeliveryObserver, DialectWire } from "./dialect-wire.ts";
export { type Limits, limitSettings, limitsOf } from "./limits.ts";

export { dialects } from "./registry.ts";
