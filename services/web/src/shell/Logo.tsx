/** Two tracks that cross. */
export function Logo() {
  return (
    <svg className="logo" viewBox="0 0 32 32" aria-hidden="true">
      <rect className="logo-ground" width="32" height="32" rx="9" />
      <path className="logo-track logo-track-faint" d="M6 11h6c4 0 4 10 8 10h6" />
      <path className="logo-track" d="M6 21h6c4 0 4-10 8-10h6" />
    </svg>
  );
}
