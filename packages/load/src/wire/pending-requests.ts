/** Events that ask for an acknowledgement, by the number under which it comes; each is answered once. */
export class PendingRequests<Request> {
  readonly #requests = new Map<number, Request>();
  #last = 0;

  /** @returns the number under which the answer comes */
  add(request: Request): number {
    this.#last += 1;
    this.#requests.set(this.#last, request);
    return this.#last;
  }

  /** @returns nothing for a number that is not known, or was answered before: the stock client ignores such an answer */
  take(number: number): Request | undefined {
    const request = this.#requests.get(number);
    this.#requests.delete(number);
    return request;
  }

  takeAll(): Request[] {
    const requests = [...this.#requests.values()];
    this.#requests.clear();
    return requests;
  }

  values(): Iterable<Request> {
    return this.#requests.values();
  }
}
