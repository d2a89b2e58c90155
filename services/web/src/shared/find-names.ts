const collator = new Intl.Collator();

/** Those whose names contain a part, whatever the case of its letters, by name. */
export function findByName<Named>(all: readonly Named[], nameOf: (one: Named) => string, part: string): Named[] {
  const wanted = part.trim().toLocaleLowerCase();
  return all
    .filter((one) => nameOf(one).toLocaleLowerCase().includes(wanted))
    .toSorted((one, other) => collator.compare(nameOf(one), nameOf(other)));
}
