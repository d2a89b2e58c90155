export { faintTexts } from "./contrast.ts";
export { focused, reachableCount, smallControls, wideElements } from "./controls.ts";
