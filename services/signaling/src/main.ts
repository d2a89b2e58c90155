import { runService } from "@switchyard/runtime";
import { readSignalingConfig } from "./config.ts";
import { startSignaling } from "./server.ts";

await runService("signaling", readSignalingConfig, startSignaling);
