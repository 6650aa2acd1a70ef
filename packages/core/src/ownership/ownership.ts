import { claimData, type GivenData } from "../data/resolveData.js";
import { Children } from "./children.js";
import { Claims } from "./claims.js";

/** What a run of a Trainer begins with. */
export interface OwnedParts<B> {
  readonly module: object;
  readonly data: GivenData<B>;
}

/** Sees that a Trainer runs one thing at a time, and that nothing that it uses is in another run. */
export class Ownership {
  /** The searches that begin in hooks. */
  readonly children = new Children();
  readonly #trainer: object;
  #run: Claims | null = null;
  #search: Claims | null = null;

  constructor(trainer: object) {
    this.#trainer = trainer;
  }

  /** Whether a fit or a pass over held-out data is under way. */
  get isRunning(): boolean {
    return this.#run !== null;
  }

  /**
   * Runs a fit or a pass over held-out data.
   *
   * @param task - What it is called in messages.
   * @throws {@link FulmineError} `INVALID_STATE`, naming both, when the Trainer, the module or the data is in another run.
   */
  async run<B, T>(
    task: string,
    { module, data }: OwnedParts<B>,
    body: (claims: Claims) => Promise<T>,
  ): Promise<T> {
    const other = this.#search ?? this.#run;
    if (other !== null) throw other.refuse(task);
    const claims = new Claims(task, this.#trainer);
    this.#run = claims;
    try {
      claims.take(module, "module");
      claimData(claims, data);
      return await body(claims);
    } finally {
      claims.release();
      this.#run = null;
    }
  }

  /** Runs a search: by itself, or within a hook of the run that is under way, whose parts it may use. Throws as `run`. */
  async search<B, T>(
    task: string,
    { module, data }: OwnedParts<B>,
    body: (claims: Claims) => Promise<T>,
  ): Promise<T> {
    const other = this.#search ?? (this.children.mayBegin ? null : this.#run);
    if (other !== null) throw other.refuse(task);
    const claims = new Claims(task, this.#trainer, this.#run);
    this.#search = claims;
    return this.children.begin(async () => {
      try {
        claims.take(module, "module");
        claimData(claims, data);
        return await body(claims);
      } finally {
        claims.release();
        this.#search = null;
      }
    });
  }
}
