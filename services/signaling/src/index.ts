export { readSignalingConfig, type SignalingConfig, signalingSettings } from "./config.ts";
export { type ApiResponse, type ApiRoute, api } from "./http/api.ts";
export { type SignalingNode, startNode as startSignaling } from "./node.ts";
export { Metrics } from "./telemetry/metrics.ts";
