/**
 * The searches that begin in the hooks of a run.
 *
 * A run continues only after these searches have ended, even if the hook does not await them. Otherwise a step of the
 * run could happen during a search, and the search would undo it.
 */
export class Children {
  #hooks = 0;
  #running: Promise<void> | null = null;

  /** Whether a hook is running, so that a search may begin. */
  get mayBegin(): boolean {
    return this.#hooks > 0;
  }

  /** Runs a search; the hooks that are running end after it. */
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

  /** Calls a hook; returns `undefined` when there is nothing to wait for. */
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

  /** Runs a function in which searches may begin, as in a hook, and returns its result. */
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

// eslint-disable-next-line @typescript-eslint/require-await -- turns what a hook throws synchronously into a rejection
async function rejected(error: unknown): Promise<void> {
  throw error;
}
