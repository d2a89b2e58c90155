import type { ReactNode } from "react";
import type { OwnMedia } from "../media/own-media.ts";
import "./call.css";

interface CallControlsProps {
  own: OwnMedia;
  onMute(isAudioMuted: boolean): void;
  /** Left out in calls without pictures. */
  onDarken?(isVideoOff: boolean): void;
  /** Further controls. */
  children?: ReactNode;
}

/** The controls of a person in a call. */
export function CallControls({ own, onMute, onDarken, children }: CallControlsProps) {
  const { stream, isAudioMuted, isVideoOff } = own;
  const nothing = stream === null;
  return (
    <div className="controls">
      <Toggle on={isAudioMuted} disabled={nothing} testId="mute" onToggle={onMute}>
        Mute
      </Toggle>
      {onDarken && (
        <Toggle on={isVideoOff} disabled={nothing} testId="camera-off" onToggle={onDarken}>
          Camera off
        </Toggle>
      )}
      {children}
    </div>
  );
}

interface ToggleProps {
  on: boolean;
  disabled?: boolean;
  testId: string;
  onToggle(on: boolean): void;
  children: ReactNode;
}

/** A button that stays pressed. */
export function Toggle({ on, disabled = false, testId, onToggle, children }: ToggleProps) {
  return (
    <button
      type="button"
      className={on ? "button button-armed" : "button"}
      aria-pressed={on}
      disabled={disabled}
      data-testid={testId}
      onClick={() => onToggle(!on)}
    >
      {children}
    </button>
  );
}
