/** The network, as browsers on phones describe it. */
interface NetworkInformation extends EventTarget {
  readonly type?: string;
}

/** Calls back when the machine is on another network, or on one again. @returns ends it */
export function onNetworkChange(listener: () => void): () => void {
  const { connection } = navigator as { connection?: NetworkInformation };
  let type = connection?.type;
  // It also changes with each new estimate of the speed, which is no reason to look for another way.
  const onChange = () => {
    const former = type;
    type = connection?.type;
    if (type !== former && type !== "none") listener();
  };
  addEventListener("online", listener);
  connection?.addEventListener("change", onChange);
  return () => {
    removeEventListener("online", listener);
    connection?.removeEventListener("change", onChange);
  };
}
