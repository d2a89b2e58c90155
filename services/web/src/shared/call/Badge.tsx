const paths = {
  muted: "M12 4a3 3 0 0 1 3 3v4a3 3 0 0 1-6 0V7a3 3 0 0 1 3-3M6 11a6 6 0 0 0 12 0M12 17v3M4 4l16 16",
  dark: "M3 7h11v10H3zM14 11l6-3v8l-6-3M3 3l18 18",
  sharing: "M3 5h18v11H3zM8 20h8M12 13V8M9.5 10.5 12 8l2.5 2.5",
} as const;

interface BadgeProps {
  sign: keyof typeof paths;
  label: string;
}

/** A small sign of a participant's state. */
export function Badge({ sign, label }: BadgeProps) {
  return (
    <svg className="badge" viewBox="0 0 24 24" role="img" aria-label={label} data-testid={`badge-${sign}`}>
      <title>{label}</title>
      <path d={paths[sign]} />
    </svg>
  );
}
