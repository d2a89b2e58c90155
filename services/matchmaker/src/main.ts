import { runService } from "@switchyard/runtime";
import { readMatchmakerConfig } from "./config.ts";
import { startMatchmaker } from "./server.ts";

await runService("matchmaker", readMatchmakerConfig, startMatchmaker);
