import { Search } from "@switchyard/testkit";
import { afterAll, beforeAll, test } from "vitest";
import { type Connections, connect } from "./model/redis.ts";
import { playRooms } from "./model/room-play.ts";
import { explore } from "./model/script/exploration.ts";
import { roomScripts } from "./model/script/room-script.ts";
import type { Setting } from "./model/setting.ts";
import { matches, meetings } from "./model/settings.ts";

const search = new Search({ cases: 60, seconds: 2.5, leastCases: 10 });

let connections: Connections;
beforeAll(async () => {
  connections = await connect();
});
afterAll(() => connections.close());

test.each<[string, Setting]>([
  ["meetings", meetings],
  ["matches", matches],
])(
  "%s: whatever is killed, lost or overtaken when: who is listed is there, and everyone there was told so, once",
  (_, setting) => explore(connections, setting, roomScripts, search, playRooms),
  search.timeoutMs,
);
