import { type ReactElement, useEffect, useId, useState } from "react";
import { useDevices } from "../media/use-devices.ts";
import type { UsedLocalMedia } from "../media/use-local-media.ts";
import { english, type Labels } from "./labels.ts";

export interface DevicePickerProps {
  media: UsedLocalMedia;
  /** Where sound is to be heard; without it no speaker can be chosen. */
  onSpeaker?: ((deviceId: string) => void) | undefined;
  labels?: Partial<Labels> | undefined;
}

/** Which camera, microphone and speaker are used. */
export function DevicePicker({ media, onSpeaker, ...others }: DevicePickerProps): ReactElement {
  const labels = { ...english, ...others.labels };
  const { cameras, microphones, speakers, refresh } = useDevices();
  const { local, status, stream } = media;
  const [speaker, setSpeaker] = useState("");
  // Devices have names once one is allowed.
  useEffect(() => void refresh(), [refresh, status]);
  const used = (kind: "audio" | "video") =>
    stream
      ?.getTracks()
      .find((track) => track.kind === kind)
      ?.getSettings().deviceId;
  const choose = (kind: "audio" | "video") => (deviceId: string) =>
    void local.useDevice(kind, deviceId).catch(() => {}); // the former one goes on
  return (
    <div className="sy-devices">
      <Choice name={labels.camera} devices={cameras} value={used("video")} onChange={choose("video")} />
      <Choice name={labels.microphone} devices={microphones} value={used("audio")} onChange={choose("audio")} />
      {onSpeaker && (
        <Choice
          name={labels.speaker}
          devices={speakers}
          value={speaker}
          onChange={(deviceId) => {
            setSpeaker(deviceId);
            onSpeaker(deviceId);
          }}
        />
      )}
    </div>
  );
}

interface ChoiceProps {
  name: string;
  devices: readonly MediaDeviceInfo[];
  value: string | undefined;
  onChange(deviceId: string): void;
}

function Choice({ name, devices, value = "", onChange }: ChoiceProps): ReactElement | null {
  const id = useId();
  if (devices.length === 0) return null;
  return (
    <p>
      <label htmlFor={id}>{name}</label>
      <select id={id} value={value} onChange={({ target }) => onChange(target.value)}>
        {devices.every(({ deviceId }) => deviceId !== value) && <option value={value}>–</option>}
        {devices.map(({ deviceId, label }, index) => (
          <option key={deviceId} value={deviceId}>
            {label || `${name} ${index + 1}`}
          </option>
        ))}
      </select>
    </p>
  );
}
