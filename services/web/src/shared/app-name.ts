import { useEffect } from "react";
import { useStore } from "./hooks/use-session.ts";
import { createStore } from "./store.ts";

const RETRY_MS = 2000;
const LIMIT_MS = 5000;

const store = createStore<string | null, string>((_, name) => name, null);

/** What this deployment is called (`APP_NAME`), as a node says; null until one has. */
export function useAppName(): string | null {
  return useStore(store);
}

/** Asks until a node says what this deployment is called. */
export async function learnAppName(): Promise<void> {
  for (;;) {
    const name = await askForName().catch(() => null);
    if (name) return store.dispatch(name);
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

async function askForName(): Promise<string | null> {
  const response = await fetch("/health", { signal: AbortSignal.timeout(LIMIT_MS) });
  if (!response.ok) return null;
  const { app }: { app?: string } = await response.json();
  return app ?? null;
}

/** Says in the browser's tab what happens, for whoever looks at another one. */
export function useTitle(text: string | null): void {
  const appName = useAppName();
  useEffect(() => {
    const title = [text, appName].filter((part) => part !== null).join(" · ");
    if (title) document.title = title;
  }, [text, appName]);
}
