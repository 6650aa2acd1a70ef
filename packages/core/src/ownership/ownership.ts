import { Children } from "./children.js";
import { Claims } from "./claims.js";

/** The module and the data of a run. */
export interface OwnedParts {
  readonly module: object;
  /** A DataModule as a whole, or the loaders. */
  readonly data: readonly unknown[];
}

/** Ensures that a Trainer runs one task at a time, and that no other run uses its objects. */
export class Ownership {
  /** The searches that begin in hooks of the run. */
  readonly children = new Children();
  readonly #trainer: object;
  #run: Claims | null = null;
  #search: Claims | null = null;

  constructor(trainer: object) {
    this.#trainer = trainer;
  }

  /** Whether a fit or a pass over held-out data is running. */
  get isRunning(): boolean {
    return this.#run !== null;
  }

  /**
   * Checks that nothing runs, for a method that would take away what a run uses.
   *
   * @throws FulmineError `INVALID_STATE`, naming the run.
   */
  requireIdle(method: string): void {
    const other = this.#search ?? this.#run;
    if (other !== null) throw other.refuse(method);
  }

  /**
   * Runs a fit or a pass over held-out data.
   *
   * @param task - The run's name in messages.
   * @throws FulmineError `INVALID_STATE`, naming both runs, when the Trainer, the module or the data is in
   * another run.
   */
  async run<T>(task: string, { module, data }: OwnedParts, body: (claims: Claims) => Promise<T>): Promise<T> {
    this.requireIdle(task);
    const claims = new Claims(task, this.#trainer);
    this.#run = claims;
    try {
      claims.take(module, "module");
      for (const part of data) claims.takeData(part);
      return await body(claims);
    } finally {
      claims.release();
      this.#run = null;
    }
  }

  /**
   * Runs a search: alone, or within a hook of the current run. Within a run it may use the run's objects.
   *
   * @param task - The search's name in messages.
   * @throws FulmineError `INVALID_STATE`, as {@link Ownership.run} does.
   */
  async search<T>(
    task: string,
    { module, data }: OwnedParts,
    body: (claims: Claims) => Promise<T>,
  ): Promise<T> {
    const other = this.#search ?? (this.children.mayBegin ? null : this.#run);
    if (other !== null) throw other.refuse(task);
    const claims = new Claims(task, this.#trainer, this.#run);
    this.#search = claims;
    return this.children.begin(async () => {
      try {
        claims.take(module, "module");
        for (const part of data) claims.takeData(part);
        return await body(claims);
      } finally {
        claims.release();
        this.#search = null;
      }
    });
  }
}
