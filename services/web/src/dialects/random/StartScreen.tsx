import { type FormEvent, useState } from "react";
import { useFocusOnMount } from "../../shared/use-focus.ts";
import { languages, MAX_INTERESTS, parseInterests, preferencesOf } from "./preferences.ts";
import type { ChatType, Choice } from "./state.ts";

interface StartScreenProps {
  /** What was chosen before, to begin with. */
  previous: Choice | null;
  onChoose(choice: Choice): void;
}

export function StartScreen({ previous, onChoose }: StartScreenProps) {
  const [interests, setInterests] = useState(previous?.preferences.interests?.join(", ") ?? "");
  const [language, setLanguage] = useState(previous?.preferences.language ?? "");
  const heading = useFocusOnMount<HTMLHeadingElement>(previous !== null);
  const tooMany = parseInterests(interests).length > MAX_INTERESTS;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { submitter } = event.nativeEvent as SubmitEvent;
    const type: ChatType = submitter?.getAttribute("value") === "video" ? "video" : "chat";
    onChoose({ type, preferences: preferencesOf(interests, language) });
  };
  return (
    <section className="start" aria-labelledby="start-title">
      <h1 id="start-title" ref={heading} tabIndex={-1}>
        Talk to a stranger
      </h1>
      <p className="lead">You are paired with whoever is there. No account, no names.</p>
      <form className="card start-form" onSubmit={submit}>
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
      </form>
    </section>
  );
}

function InterestsField(props: { value: string; tooMany: boolean; onChange(value: string): void }) {
  const { value, tooMany, onChange } = props;
  return (
    <div className="form-row">
      <label htmlFor="interests">
        Interests <span className="optional">optional</span>
      </label>
      <input
        id="interests"
        className="field"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        placeholder="music, hiking, old trains"
        aria-describedby="interests-hint"
        autoComplete="off"
        autoCapitalize="none"
      />
      <p id="interests-hint" className="hint" aria-live="polite">
        {tooMany
          ? `Only the first ${MAX_INTERESTS} are used.`
          : `Up to ${MAX_INTERESTS}, separated by commas. Someone who shares one comes first.`}
      </p>
    </div>
  );
}

function LanguageField({ value, onChange }: { value: string; onChange(value: string): void }) {
  return (
    <div className="form-row">
      <label htmlFor="language">
        Language <span className="optional">optional</span>
      </label>
      <select id="language" className="field" value={value} onChange={(event) => onChange(event.target.value)}>
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
