import type { Store } from "@switchyard/store";

/**
 * A store in which something else happens right before one call is carried out, once: what a slow process meets.
 * @param name as in `queues.enqueue`
 * @param meanwhile uses another store, of a process that is not slow
 */
export function interruptedStore(store: Store, name: string, meanwhile: () => Promise<void>): Store {
  const [aggregate = "", verb] = name.split(".");
  let hasHappened = false;
  const interrupted = new Proxy(Reflect.get(store, aggregate) as object, {
    get(target, property) {
      const value = Reflect.get(target, property, target);
      if (typeof value !== "function") return value;
      const method = value.bind(target);
      if (property !== verb) return method;
      return async (...args: unknown[]) => {
        if (!hasHappened) {
          hasHappened = true;
          await meanwhile();
        }
        return method(...args);
      };
    },
  });
  return { ...store, [aggregate]: interrupted };
}
