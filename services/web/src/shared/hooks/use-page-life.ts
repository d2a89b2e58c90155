import { type RefObject, useEffect, useRef } from "react";

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

/** Calls `onEscape` when the Escape key is pressed and nothing else has used it. */
export function useEscape(onEscape: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.repeat || event.defaultPrevented || event.isComposing) return;
      onEscape();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [onEscape]);
}

/** Gives an element the focus when it appears, so that the keyboard goes on where the page does. */
export function useFocusOnMount<Target extends HTMLElement>(wanted = true): RefObject<Target | null> {
  const target = useRef<Target>(null);
  useEffect(() => {
    if (wanted) target.current?.focus({ preventScroll: true });
  }, [wanted]);
  return target;
}
