export { readSignalingConfig, type SignalingConfig, signalingSettings } from "./config.ts";
export { api } from "./http/api.ts";
export type { ApiResponse, ApiRoute } from "./http/api-route.ts";
export { type SignalingNode, startNode as startSignaling } from "./node.ts";
export { Metrics } from "./telemetry/metrics.ts";
