import { useState } from "react";
import { Form } from "../Form.tsx";
import { useFocusOnMount } from "../hooks/use-page-life.ts";

/** The longest text the server takes. */
const MAX_LENGTH = 4000;

interface MessageFormProps {
  /** Whether to take the focus when it appears. */
  focused: boolean;
  onSend(text: string): void;
  onKeystroke?(): void;
}

/** One line of text; Enter sends it. */
export function MessageForm({ focused, onSend, onKeystroke }: MessageFormProps) {
  const [text, setText] = useState("");
  const input = useFocusOnMount<HTMLInputElement>(focused);
  const submit = () => {
    const message = text.trim();
    if (!message) return;
    onSend(message);
    setText("");
    input.current?.focus();
  };
  const change = (value: string) => {
    setText(value);
    if (value) onKeystroke?.();
  };
  return (
    <Form className="composer" onSubmit={submit}>
      <label className="visually-hidden" htmlFor="message">
        Message
      </label>
      <input
        id="message"
        ref={input}
        className="field composer-field"
        data-testid="message-input"
        value={text}
        onChange={(event) => change(event.target.value)}
        maxLength={MAX_LENGTH}
        placeholder="Write a message"
        autoComplete="off"
        enterKeyHint="send"
      />
      <button type="submit" className="button button-primary" data-testid="send" disabled={!text.trim()}>
        Send
      </button>
    </Form>
  );
}
