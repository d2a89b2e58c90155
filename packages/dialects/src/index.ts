export { errorEvent } from "./common-events.ts";
export { openAnnouncer, openContext, openContexts } from "./contexts.ts";
export {
  type AckFields,
  type Allowance,
  type Command,
  type Dialect,
  type EventSchemas,
  packetOf,
  type WireEvent,
} from "./dialect.ts";
export { type DialectLimits, dialectLimitsOf, limitSettings } from "./dialect-limits.ts";
export { dialectNames, dialects } from "./registry.ts";
