import type { Dialect } from "./dialect.ts";
import { random } from "./random/dialect.ts";

/** Every dialect that is served. Another one is one more folder and one more entry here. */
export const dialects: readonly Dialect[] = [random];
