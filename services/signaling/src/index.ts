export { readSignalingConfig, type SignalingConfig, signalingSettings } from "./config.ts";
export { Metrics } from "./metrics.ts";
export { type SignalingNode, startSignaling } from "./server.ts";
