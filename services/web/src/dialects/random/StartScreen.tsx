import { useState } from "react";
import { StartCard } from "../../shared/Form.tsx";
import { TextField } from "../../shared/TextField.tsx";
import { languages, MAX_INTERESTS, parseInterests, preferencesOf } from "./preferences.ts";
import type { ChatType, Choice } from "./state.ts";

interface StartScreenProps {
  /** The previous choice, as the initial one. */
  previous: Choice | null;
  onChoose(choice: Choice): void;
}

export function StartScreen({ previous, onChoose }: StartScreenProps) {
  const [interests, setInterests] = useState(previous?.preferences.interests?.join(", ") ?? "");
  const [language, setLanguage] = useState(previous?.preferences.language ?? "");
  const tooMany = parseInterests(interests).length > MAX_INTERESTS;
  const submit = (pressed: string | null) => {
    const type: ChatType = pressed === "video" ? "video" : "chat";
    onChoose({ type, preferences: preferencesOf(interests, language) });
  };
  return (
    <StartCard
      title="Talk to a stranger"
      lead="You are paired with anyone who is there. No account, no names."
      focused={previous !== null}
      onSubmit={submit}
    >
      <InterestsField value={interests} tooMany={tooMany} onChange={setInterests} />
      <LanguageField value={language} onChange={setLanguage} />
      <div className="start-buttons">
        <button type="submit" value="chat" className="button button-primary button-large" data-testid="start-text">
          Text
        </button>
        <button type="submit" value="video" className="button button-primary button-large" data-testid="start-video">
          Video
        </button>
      </div>
      <Keys />
    </StartCard>
  );
}

function InterestsField(props: { value: string; tooMany: boolean; onChange(value: string): void }) {
  const { value, tooMany, onChange } = props;
  const rule = `Up to ${MAX_INTERESTS}, separated by commas. Someone who shares one comes first.`;
  return (
    <TextField
      label={
        <>
          Interests <span className="optional">optional</span>
        </>
      }
      value={value}
      onChange={onChange}
      hint={tooMany ? `Only the first ${MAX_INTERESTS} are used.` : rule}
      placeholder="music, hiking, old trains"
      autoCapitalize="none"
      testId="interests"
    />
  );
}

function LanguageField({ value, onChange }: { value: string; onChange(value: string): void }) {
  return (
    <div className="form-row">
      <label htmlFor="language">
        Language <span className="optional">optional</span>
      </label>
      <select
        id="language"
        className="field"
        data-testid="language"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      >
        <option value="">Any</option>
        {languages.map((tag) => (
          <option key={tag} value={tag} lang={tag}>
            {nameOf(tag)}
          </option>
        ))}
      </select>
    </div>
  );
}

function Keys() {
  return (
    <p className="keys">
      <kbd>Enter</kbd> sends a message. <kbd>Esc</kbd> twice goes on to the next person. <kbd>Esc</kbd> while waiting
      goes back.
    </p>
  );
}

function nameOf(tag: string): string {
  const name = new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;
  return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
}
