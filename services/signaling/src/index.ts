export { readSignalingConfig, type SignalingConfig } from "./config.ts";
export { type SignalingNode, startSignaling } from "./server.ts";
