import { type RefObject, useLayoutEffect, useRef } from "react";
import type { ChatMessage, Conversation } from "./conversation.ts";
import "./chat.css";

const NEAR_END_PX = 80;

interface MessageLogProps {
  lines: Conversation;
  /** Left out where nobody says that they type. */
  partnerTyping?: boolean;
  /** Given where there may be older messages. */
  earlier?: { loading: boolean; onLoad(): void } | undefined;
}

/** The conversation; new lines are read out, and scrolled to unless the person has scrolled back. */
export function MessageLog({ lines, partnerTyping, earlier }: MessageLogProps) {
  const log = useRef<HTMLDivElement>(null);
  const onScroll = useScrollPosition(log, lines);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <div ref={log} className="log" data-testid="log" onScroll={onScroll} tabIndex={0} role="log" aria-label="Messages">
      {earlier && (
        <button
          type="button"
          className="button button-small log-earlier"
          data-testid="load-earlier"
          disabled={earlier.loading}
          onClick={() => earlier.onLoad()}
        >
          {earlier.loading ? "Loading…" : "Load earlier messages"}
        </button>
      )}
      <ol className="log-lines" data-testid="messages">
        {lines.map((line) => (
          <Message key={line.key} line={line} />
        ))}
      </ol>
      {lines.length === 0 && <p className="log-empty">Nothing said yet. Say hello!</p>}
      {partnerTyping !== undefined && <p className="log-typing">{partnerTyping ? "Your partner is typing…" : ""}</p>}
    </div>
  );
}

/** Stays at the end when lines are added there, and at the same line when older ones are put before it. */
function useScrollPosition(log: RefObject<HTMLDivElement | null>, lines: Conversation): () => void {
  const atEnd = useRef(true);
  const before = useRef({ first: "", height: 0 });
  const first = lines[0]?.key ?? "";
  const { length } = lines;
  useLayoutEffect(() => {
    const element = log.current;
    if (!element || length < 0) return;
    if (atEnd.current) element.scrollTop = element.scrollHeight;
    else if (first !== before.current.first) element.scrollTop += element.scrollHeight - before.current.height;
    before.current = { first, height: element.scrollHeight };
  }, [log, first, length]);
  return () => {
    const element = log.current;
    if (element) atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
  };
}

function Message({ line }: { line: ChatMessage }) {
  const { mine, author, text, at, delivery } = line;
  return (
    <li className={mine ? "line line-mine" : "line"}>
      {author !== null && <bdi className="line-author">{author}</bdi>}
      {author === null && <span className="visually-hidden">{mine ? "You:" : "Partner:"}</span>}
      <span className="line-text" dir="auto">
        {text}
      </span>
      <span className="line-note">
        {delivery === "sent" && <time dateTime={at}>{timeOf(at)}</time>}
        {delivery === "failed" && "Not sent"}
        {(delivery === "sending" || delivery === "queued") && "Sending…"}
      </span>
    </li>
  );
}

function timeOf(at: string): string {
  return new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}
