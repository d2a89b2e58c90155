import { useState, useSyncExternalStore } from "react";
import type { Store } from "../store.ts";
import { usePageLife } from "./use-page-life.ts";

/** The store's state; the component renders again when it changes. */
export function useStore<State, Event>(store: Store<State, Event>): State {
  return useSyncExternalStore(store.subscribe, store.get);
}

interface Session<State> {
  readonly store: Pick<Store<State, never>, "get" | "subscribe">;
  open(): void;
  close(): void;
}

/** A session of its own for as long as the page is there, and its state. */
export function useSession<State, Own extends Session<State>>(create: () => Own & Session<State>): [Own, State] {
  const [session] = useState(create);
  usePageLife(session);
  return [session, useSyncExternalStore(session.store.subscribe, session.store.get)];
}
