import { type RefObject, useEffect, useRef } from "react";

/** Gives an element the focus when it appears, so that the keyboard goes on where the page does. */
export function useFocusOnMount<Target extends HTMLElement>(wanted = true): RefObject<Target | null> {
  const target = useRef<Target>(null);
  useEffect(() => {
    if (wanted) target.current?.focus({ preventScroll: true });
  }, [wanted]);
  return target;
}
