import { useEffect } from "react";
import { useStore } from "./hooks/use-session.ts";
import { createStore } from "./store.ts";

const RETRY_MS = 2000;
const LIMIT_MS = 5000;

const store = createStore<string | null, string>((_, name) => name, null);

/** The name of this deployment (`APP_NAME`), from a node; null until one has sent it. */
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

/** Shows the current state in the title of the browser's tab, for a person who looks at another tab. */
export function useTitle(text: string | null): void {
  const appName = useAppName();
  useEffect(() => {
    const title = [text, appName].filter((part) => part !== null).join(" · ");
    if (title) document.title = title;
  }, [text, appName]);
}
