import { useEffect } from "react";
import { useAppName } from "../app-name.ts";

/** Says in the browser's tab what happens, for whoever looks at another one. */
export function useTitle(text: string | null): void {
  const appName = useAppName();
  useEffect(() => {
    const title = [text, appName].filter((part) => part !== null).join(" · ");
    if (title) document.title = title;
  }, [text, appName]);
}
