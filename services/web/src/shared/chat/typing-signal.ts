const IDLE_MS = 2000;

/** Tells the partner that someone types: once when it begins, and once when it has stopped for two seconds. */
export interface TypingSignal {
  keystroke(): void;
  stop(): void;
}

export function createTypingSignal(send: (isTyping: boolean) => void): TypingSignal {
  let idle: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    if (idle === undefined) return;
    clearTimeout(idle);
    idle = undefined;
    send(false);
  };
  return {
    keystroke() {
      if (idle === undefined) send(true);
      clearTimeout(idle);
      idle = setTimeout(stop, IDLE_MS);
    },
    stop,
  };
}
