import { useEffect, useRef } from "react";
import type { Conversation, Line } from "./conversation.ts";
import "./chat.css";

const NEAR_END_PX = 80;

interface MessageLogProps {
  lines: Conversation;
  partnerTyping: boolean;
}

/** The conversation; new lines are read out, and scrolled to unless the person has scrolled back. */
export function MessageLog({ lines, partnerTyping }: MessageLogProps) {
  const log = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const length = lines.length;
  useEffect(() => {
    const element = log.current;
    if (element && length >= 0 && atEnd.current) element.scrollTop = element.scrollHeight;
  }, [length]);
  const onScroll = () => {
    const element = log.current;
    if (element) atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <div ref={log} className="log" onScroll={onScroll} tabIndex={0} role="log" aria-label="Messages">
      <ol className="log-lines" data-testid="messages">
        {lines.map((line) => (
          <Message key={line.key} line={line} />
        ))}
      </ol>
      {length === 0 && <p className="log-empty">Nothing said yet. Say hello!</p>}
      <p className="log-typing">{partnerTyping ? "Your partner is typing…" : ""}</p>
    </div>
  );
}

function Message({ line }: { line: Line }) {
  const { mine, text, at, delivery } = line;
  return (
    <li className={mine ? "line line-mine" : "line"}>
      <span className="visually-hidden">{mine ? "You:" : "Partner:"}</span>
      <span className="line-text">{text}</span>
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
