import { useRef, useState } from "react";

interface CopyLinkProps {
  /** The part after `#` that leads to the same place. */
  hash: string;
  /** A sentence about the people to give it to. */
  hint: string;
}

/** A link for the other window. Without https the browser may refuse to copy; the link is then selected, to be copied by hand. */
export function CopyLink({ hash, hint }: CopyLinkProps) {
  const field = useRef<HTMLInputElement>(null);
  const [said, setSaid] = useState("");
  const link = new URL(hash, location.href).href;
  const copy = async () => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(link);
      setSaid("Copied.");
    } catch {
      setSaid("Please copy the selected link.");
    }
  };
  return (
    <div className="copy-link">
      <div className="copy-link-row">
        <input
          ref={field}
          className="field"
          readOnly
          value={link}
          aria-label="Link for the other window"
          data-testid="link"
        />
        <button type="button" className="button" data-testid="copy-link" onClick={() => void copy()}>
          Copy link
        </button>
      </div>
      <p className="hint">
        {hint} <span role="status">{said}</span>
      </p>
    </div>
  );
}
