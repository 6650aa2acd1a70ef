/**
 * The searches that begin in the hooks of a run. A run does not go on before they have ended, whether the hook awaits them
 * or not, so that no step of the run falls into a search and is undone.
 */
export class Children {
  #hooks = 0;
  #running: Promise<void> | null = null;

  /** Whether a hook is under way, so that what begins now may be its child. */
  get mayBegin(): boolean {
    return this.#hooks > 0;
  }

  /** Runs a child; the hooks that are under way end after it. */
  async begin<T>(run: () => Promise<T>): Promise<T> {
    const result = run();
    const ended = result.then(
      () => undefined,
      () => undefined,
    );
    this.#running = ended;
    try {
      return await result;
    } finally {
      if (this.#running === ended) this.#running = null;
    }
  }

  /** Calls a hook; `undefined` when there is nothing to wait for. */
  during(hook: () => void | Promise<void>): Promise<void> | undefined {
    this.#hooks += 1;
    try {
      const pending = hook();
      if (pending !== undefined || this.#running !== null) return this.#waitFor(pending);
    } catch (error) {
      return this.#waitFor(rejected(error));
    }
    this.#hooks -= 1;
    return undefined;
  }

  /** Does something that may begin searches as a hook may, and gives what it gave. */
  async within<T>(body: () => Promise<T>): Promise<T> {
    const results: T[] = [];
    await this.during(async () => void results.push(await body()));
    return results[0] as T;
  }

  async #waitFor(pending: void | Promise<void>): Promise<void> {
    try {
      await pending;
    } finally {
      while (this.#running !== null) await this.#running;
      this.#hooks -= 1;
    }
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- what a hook throws at once is to come as a rejection
async function rejected(error: unknown): Promise<void> {
  throw error;
}
