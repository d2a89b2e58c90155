import { useSyncExternalStore } from "react";
import type { Store } from "../store.ts";

/** The store's state; the component renders again when it changes. */
export function useStore<State, Event>(store: Store<State, Event>): State {
  return useSyncExternalStore(store.subscribe, store.get);
}
