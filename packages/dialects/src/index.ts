export { errorEvent } from "./common-events.ts";
export { displayOf, listOf, openAnnouncer, openContext, openContexts } from "./contexts.ts";
export {
  type AckFields,
  type Allowance,
  type Command,
  type Dialect,
  type EventSchemas,
  renderText,
  type WireEvent,
} from "./dialect.ts";
export { type DialectLimits, dialectLimitsOf, limitSettings, storeBoundsOf } from "./dialect-limits.ts";
export { dialectNames, dialects } from "./registry.ts";
