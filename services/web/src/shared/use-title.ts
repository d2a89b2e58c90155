import { useEffect } from "react";

/** Says in the browser's tab what happens, for whoever looks at another one. */
export function useTitle(text: string | null): void {
  useEffect(() => {
    document.title = text === null ? "Switchyard" : `${text} · Switchyard`;
  }, [text]);
}
