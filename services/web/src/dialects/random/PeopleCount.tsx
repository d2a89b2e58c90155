export function PeopleCount({ count }: { count: number | null }) {
  if (count === null) return null;
  return (
    <p className="count">
      <span data-testid="count">{count}</span> {count === 1 ? "person" : "people"} here
    </p>
  );
}
