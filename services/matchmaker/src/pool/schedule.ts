/** Things to look at again, in the order of their times. Almost all come in order, so adding and taking are cheap. */
export class Schedule<Item> {
  #entries: { readonly at: number; readonly item: Item }[] = [];
  #from = 0;

  /** When the next is due; `undefined` if there is none. */
  get next(): number | undefined {
    return this.#entries[this.#from]?.at;
  }

  add(at: number, item: Item): void {
    let index = this.#entries.length;
    while (index > this.#from && (this.#entries[index - 1]?.at ?? at) > at) index -= 1;
    this.#entries.splice(index, 0, { at, item });
  }

  /** Takes all that are due. */
  take(now: number): Item[] {
    const due: Item[] = [];
    for (let entry = this.#entries[this.#from]; entry && entry.at <= now; entry = this.#entries[this.#from]) {
      due.push(entry.item);
      this.#from += 1;
    }
    if (this.#from > 1000 && this.#from * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#from);
      this.#from = 0;
    }
    return due;
  }
}
