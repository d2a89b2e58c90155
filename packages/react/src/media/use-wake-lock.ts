import { useEffect, useState } from "react";

/**
 * Keeps the screen of a phone on while `isWanted`. Browsers release the lock when the page is hidden: it is asked for again when the
 * page is back.
 * @returns whether it is held now
 */
export function useWakeLock(isWanted = true): { isActive: boolean } {
  const [isActive, setActive] = useState(false);
  useEffect(() => {
    if (!isWanted || !("wakeLock" in navigator)) return;
    let lock: WakeLockSentinel | null = null;
    let isOver = false;
    const ask = async () => {
      if (document.visibilityState !== "visible" || (lock && !lock.released)) return;
      const given = await navigator.wakeLock.request("screen").catch(() => null); // of an empty battery, say
      if (isOver || !given) return void given?.release();
      lock = given;
      setActive(true);
      given.addEventListener("release", () => setActive(false), { once: true });
    };
    void ask();
    document.addEventListener("visibilitychange", ask);
    return () => {
      isOver = true;
      document.removeEventListener("visibilitychange", ask);
      void lock?.release();
    };
  }, [isWanted]);
  return { isActive };
}
