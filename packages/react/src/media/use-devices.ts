import { type Store, WritableStore } from "@switchyard/client";
import { useSyncExternalStore } from "react";

export interface Devices {
  readonly cameras: readonly MediaDeviceInfo[];
  readonly microphones: readonly MediaDeviceInfo[];
  /** Empty where the browser lets no page choose. */
  readonly speakers: readonly MediaDeviceInfo[];
}

const none: Devices = { cameras: [], microphones: [], speakers: [] };

/** The devices of this machine, read while anybody follows them. */
class DeviceList implements Store<Devices> {
  readonly #store = new WritableStore(none);
  #followers = 0;
  readonly get = this.#store.get;

  readonly subscribe = (listener: () => void): (() => void) => {
    const end = this.#store.subscribe(listener);
    this.#followers += 1;
    if (this.#followers === 1) navigator.mediaDevices?.addEventListener("devicechange", this.refresh);
    void this.refresh();
    return () => {
      end();
      this.#followers -= 1;
      if (this.#followers === 0) navigator.mediaDevices?.removeEventListener("devicechange", this.refresh);
    };
  };

  readonly refresh = async (): Promise<void> => {
    const all = (await navigator.mediaDevices?.enumerateDevices().catch(() => null)) ?? [];
    const known = all.filter(({ deviceId }) => deviceId !== ""); // without permission they have neither name nor id
    const of = (kind: MediaDeviceKind) => known.filter((device) => device.kind === kind);
    this.#store.set({ cameras: of("videoinput"), microphones: of("audioinput"), speakers: of("audiooutput") });
  };
}

const devices = new DeviceList();

/** Cameras, microphones and speakers, as they come and go; `refresh` once the person has allowed the page to use one. */
export function useDevices(): Devices & { refresh(): Promise<void> } {
  const state = useSyncExternalStore(devices.subscribe, devices.get, () => none);
  return { ...state, refresh: devices.refresh };
}
