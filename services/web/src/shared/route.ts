import { useMemo, useSyncExternalStore } from "react";

export const tabs = ["random", "match", "calls", "rooms", "chat"] as const;
/** The page of one dialect. */
export type Tab = (typeof tabs)[number];

export interface Route {
  tab: Tab;
  /** The parameters of a link, as initial values. */
  parameters: URLSearchParams;
}

/** @param hash as in `#/match?match=7f3a` */
export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  return { tab: tabs.find((tab) => tab === path) ?? "random", parameters: new URLSearchParams(query) };
}

export function hashOf(tab: Tab, parameters: Record<string, string> = {}): string {
  const query = new URLSearchParams(parameters).toString();
  return query ? `#/${tab}?${query}` : `#/${tab}`;
}

/** Writes into the address bar where the person is now, so that a reload or a bookmark leads there. */
export function keepInAddress(hash: string): void {
  history.replaceState(null, "", hash);
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}

/** Where the address bar is; changes with links and the browser's back. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  return useMemo(() => parseRoute(hash), [hash]);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
}
