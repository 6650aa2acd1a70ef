import { isBetter, type MonitorMode } from "../monitor.js";

/** Remembers which checkpoints are the best, and which are no longer. */
export class BestCheckpoints {
  readonly #mode: MonitorMode;
  readonly #count: number;
  #scores: Map<string, number>;

  /**
   * @param count - How many are kept; -1 for all.
   * @param scores - Those that are there, by their paths.
   */
  constructor(mode: MonitorMode, count: number, scores: Readonly<Record<string, number>> = {}) {
    this.#mode = mode;
    this.#count = count;
    this.#scores = new Map(Object.entries(scores));
  }

  /** The scores of those that are kept, by their paths. */
  get scores(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#scores);
  }

  /** The best of all, `null` when there is none. */
  get best(): { readonly path: string; readonly score: number } | null {
    return this.#extreme((score, than) => isBetter(this.#mode, score, than));
  }

  /** Whether a checkpoint of this score would be kept. One that is only as good as the worst would not. */
  admits(score: number): boolean {
    if (this.#count === -1 || this.#scores.size < this.#count) return true;
    const worst = this.#worst();
    return worst !== null && isBetter(this.#mode, score, worst.score);
  }

  /** Takes one in, and gives the path of the one that is not kept any more, `null` when all are. */
  add(path: string, score: number): string | null {
    this.#scores.delete(path);
    const fallen = this.#count !== -1 && this.#scores.size >= this.#count ? this.#worst() : null;
    if (fallen !== null) this.#scores.delete(fallen.path);
    this.#scores.set(path, score);
    return fallen?.path ?? null;
  }

  #worst(): { readonly path: string; readonly score: number } | null {
    return this.#extreme((score, than) => isBetter(this.#mode, than, score));
  }

  #extreme(
    isMore: (score: number, than: number) => boolean,
  ): { readonly path: string; readonly score: number } | null {
    let found: { readonly path: string; readonly score: number } | null = null;
    for (const [path, score] of this.#scores)
      if (found === null || isMore(score, found.score)) found = { path, score };
    return found;
  }
}
