import type { Driver } from "../driver.ts";
import { calls } from "./calls.ts";
import { chat } from "./chat.ts";
import { match } from "./match.ts";
import { random } from "./random.ts";
import { rooms } from "./rooms.ts";

/** Every dialect that is served, with how its clients do what they all do. */
export const drivers: readonly Driver[] = [match, random, calls, rooms, chat];
