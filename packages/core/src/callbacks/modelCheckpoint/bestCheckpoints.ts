import { isBetter, type MonitorMode } from "../monitor.js";

/** Ranks checkpoints by score and keeps the best ones. */
export class BestCheckpoints {
  readonly #mode: MonitorMode;
  readonly #count: number;
  #scores: Map<string, number>;

  /**
   * @param count - Number of checkpoints to keep; -1 keeps all.
   * @param scores - The scores of existing checkpoints by path.
   */
  constructor(mode: MonitorMode, count: number, scores: Readonly<Record<string, number>> = {}) {
    this.#mode = mode;
    this.#count = count;
    this.#scores = new Map(Object.entries(scores));
  }

  /** The scores of the kept checkpoints by path. */
  get scores(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#scores);
  }

  /** The best checkpoint; `null` if there is none. */
  get best(): { readonly path: string; readonly score: number } | null {
    return this.#extreme((score, than) => isBetter(this.#mode, score, than));
  }

  /** Whether a checkpoint with this score would be kept; one that only equals the worst would not. */
  admits(score: number): boolean {
    if (this.#count === -1 || this.#scores.size < this.#count) return true;
    const worst = this.#worst();
    return worst !== null && isBetter(this.#mode, score, worst.score);
  }

  /** Adds a checkpoint, and returns the path of the one that it replaces; `null` if it replaces none. */
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
