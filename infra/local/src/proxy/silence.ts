import type { Socket } from "node:net";

/** After so many beats without a byte a node counts as dead. */
const BEATS = 12;

/**
 * Breaks a tunnel's connection to a node that has been silent for `timeoutMs`: one that is frozen, or whose machine is
 * gone, closes nothing. Beats are counted, and not the time: while this process itself stands still none passes. A node
 * whose bytes the client does not take is not silent.
 */
export function watchSilence(node: Socket, timeoutMs: number): void {
  let beats = 0;
  const beat = () => {
    beats = node.isPaused() ? 0 : beats + 1;
    if (beats > BEATS) node.destroy();
  };
  const timer = setInterval(beat, timeoutMs / BEATS).unref();
  node.on("data", () => {
    beats = 0;
  });
  node.once("close", () => clearInterval(timer));
}
