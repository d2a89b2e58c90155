/**
 * Ends this process when its parent process has ended, by SIGKILL too, so that nothing is left behind.
 *
 * It watches the IPC channel that a parent opens with `stdio: [..., "ipc"]`. The kernel closes it with the parent, and
 * this process then sends itself SIGTERM, so that its usual clean stop runs: call `stopOnSignals` first. A stop that is
 * under way already is left alone, since another signal would cut it short. Without such a channel (started by hand, in
 * a container) it does nothing.
 */
export function stopWithParent(): void {
  if (process.send === undefined) return;
  const stop = () => process.kill(process.pid, "SIGTERM");
  const alreadyStopping = () => process.off("disconnect", stop);
  process.prependOnceListener("SIGTERM", alreadyStopping);
  process.prependOnceListener("SIGINT", alreadyStopping);
  process.once("disconnect", stop);
  process.channel?.unref();
  if (!process.connected) stop(); // the parent went while this process was still loading
}

/** Where a service can be reached, and what it calls itself. */
interface ServiceAddress {
  readonly port: number;
  readonly node: string;
}

/** Tells the process that started this one, over the same channel, that it does its work now, whatever is logged. */
export function notifyParent(address: ServiceAddress): void {
  process.send?.(address);
}
