export function SharedInterests({ interests }: { interests: readonly string[] }) {
  if (interests.length === 0) return null;
  return (
    <p className="shared">
      You both like{" "}
      {interests.map((interest) => (
        <bdi key={interest} className="chip">
          {interest}
        </bdi>
      ))}
    </p>
  );
}
