import { runService } from "@switchyard/runtime";
import { readSignalingConfig } from "./config.ts";
import { startNode } from "./node.ts";

await runService("signaling", readSignalingConfig, startNode);
