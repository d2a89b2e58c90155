export { focused, reachableCount, smallControls, wideElements } from "./controls.ts";
