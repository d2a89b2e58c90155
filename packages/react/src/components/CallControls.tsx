import { canShareScreen } from "@switchyard/client/call";
import { type ReactElement, type ReactNode, useEffect, useState } from "react";
import type { UsedLocalMedia } from "../media/use-local-media.ts";
import { DevicePicker } from "./DevicePicker.tsx";
import { english, type Labels } from "./labels.ts";

export interface CallControlsProps {
  media: UsedLocalMedia;
  onHangUp(): void;
  /** The speaker that was chosen. */
  onSpeaker?: ((deviceId: string) => void) | undefined;
  labels?: Partial<Labels> | undefined;
  /** Further buttons, before the last one. */
  children?: ReactNode;
}

/** Buttons for what is sent, the devices, and the end. */
export function CallControls({ media, onHangUp, onSpeaker, children, ...others }: CallControlsProps): ReactElement {
  const labels = { ...english, ...others.labels };
  const { local, tracks, screen, isAudioMuted, isVideoOff } = media;
  const [isOpen, setOpen] = useState(false);
  const [canShare, setShare] = useState(false);
  useEffect(() => setShare(canShareScreen()), []); // not known on a server
  return (
    <div className="sy-controls">
      {isOpen && <DevicePicker media={media} onSpeaker={onSpeaker} labels={others.labels} />}
      <fieldset className="sy-buttons" aria-label={labels.controls}>
        <Toggle isOn={isAudioMuted} onClick={() => local.mute("audio", !isAudioMuted)} isDisabled={!tracks.audio}>
          {isAudioMuted ? labels.unmute : labels.mute}
        </Toggle>
        <Toggle isOn={isVideoOff} onClick={() => local.mute("video", !isVideoOff)} isDisabled={!tracks.video}>
          {isVideoOff ? labels.startVideo : labels.stopVideo}
        </Toggle>
        {canShare && (
          <Toggle isOn={screen !== null} onClick={() => (screen ? local.stopScreen() : void local.shareScreen())}>
            {screen ? labels.stopScreen : labels.shareScreen}
          </Toggle>
        )}
        <button type="button" className="sy-button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {labels.devices}
        </button>
        {children}
        <button type="button" className="sy-button sy-hang-up" onClick={onHangUp}>
          {labels.hangUp}
        </button>
      </fieldset>
    </div>
  );
}

interface ToggleProps {
  isOn: boolean;
  isDisabled?: boolean;
  onClick(): void;
  children: string;
}

/** Its text says what a press does: so nothing says besides whether it is pressed. */
function Toggle({ isOn, isDisabled = false, onClick, children }: ToggleProps): ReactElement {
  return (
    <button type="button" className="sy-button" data-on={isOn} disabled={isDisabled} onClick={onClick}>
      {children}
    </button>
  );
}
