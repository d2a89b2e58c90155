import { calls } from "../calls/driver.ts";
import { chat } from "../chat/driver.ts";
import { match } from "../match/driver.ts";
import { random } from "../random/driver.ts";
import { rooms } from "../rooms/driver.ts";
import type { Driver } from "./driver.ts";

/** Every dialect that is served, with how its clients do what they all do. */
export const drivers: readonly Driver[] = [match, random, calls, rooms, chat];
