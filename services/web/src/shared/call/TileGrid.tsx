import type { CSSProperties, ReactNode } from "react";

/** Everyone in a call, as large as they can be. */
export function TileGrid({ count, children }: { count: number; children: ReactNode }) {
  const columns = Math.ceil(Math.sqrt(Math.max(1, count)));
  const style: CSSProperties & Record<"--columns", number> = { "--columns": columns };
  return (
    <ul className="tiles" style={style} aria-label="Participants">
      {children}
    </ul>
  );
}
