import { useEffect } from "react";

/** Opens with the page and closes with it, also when the browser keeps the page to come back to. */
export function usePageLife(life: { open(): void; close(): void }): void {
  useEffect(() => {
    const close = () => life.close();
    const reopen = (event: PageTransitionEvent) => event.persisted && life.open();
    life.open();
    window.addEventListener("pagehide", close);
    window.addEventListener("pageshow", reopen);
    return () => {
      window.removeEventListener("pagehide", close);
      window.removeEventListener("pageshow", reopen);
      life.close();
    };
  }, [life]);
}
