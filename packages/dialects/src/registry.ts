import type { DialectName } from "@switchyard/protocol";
import { calls } from "./calls/dialect.ts";
import { chat } from "./chat/dialect.ts";
import type { Dialect } from "./dialect.ts";
import { match } from "./match/dialect.ts";
import { random } from "./random/dialect.ts";
import { rooms } from "./rooms/dialect.ts";

/** Every dialect that is served. Another one is one more folder and one more entry here. */
export const dialects: readonly Dialect[] = [match, random, calls, rooms, chat];

export const dialectNames: readonly DialectName[] = dialects.map(({ name }) => name);
