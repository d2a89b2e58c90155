/** Asks for a screen, window or tab to share; null when the person does not want to, or the browser can't. */
export async function openScreen(): Promise<MediaStream | null> {
  try {
    return await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { ideal: 15, max: 30 } } });
  } catch {
    return null;
  }
}

/** Phones have nothing to share. */
export function canShareScreen(): boolean {
  return typeof navigator.mediaDevices?.getDisplayMedia === "function";
}
