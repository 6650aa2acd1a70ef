import { LrFinder, type FindLrOptions, type RuleName, type SavedSearch } from "@fulmine/lr-finder";
import { findPick, stepsOf } from "./findPick.js";
import type { RegretTask } from "./regretTask.js";
import { finderVersion, type RunCache } from "./runCache.js";
import { trainAtRate, type RateRun } from "./trainAtRate.js";

/** The measured rules, each with the search that it reads. */
export const measuredRules: Readonly<
  Record<string, { readonly search: FindLrOptions; readonly read: RuleName }>
> = {
  auto: { search: {}, read: "auto" },
  refine: { search: { refine: true }, read: "auto" },
  // The same, with trials scored by training loss.
  refineTrain: { search: { refine: true, val: false }, read: "auto" },
  ...Object.fromEntries(
    (["valley", "minimum", "steepest", "slide", "ignite", "lightning"] as const).map((rule) => [
      rule,
      { search: { numTraining: 100 }, read: rule },
    ]),
  ),
};

/** The gap of one pick. */
export interface RegretRow {
  readonly task: string;
  readonly rule: string;
  readonly seed: number;
  readonly lr: number | null;
  readonly gap: number;
  /** The training steps that the search took. */
  readonly steps: number;
}

/** The grid is run within this many quarter decades of where PyTorch's best rate lies. */
const GRID_REACH = 4;

/** Measures the rules on a task and caches every result. */
export async function regretOf(
  task: RegretTask,
  cache: RunCache,
  rules: readonly string[],
): Promise<RegretRow[]> {
  const { seeds, steps, name } = task.spec;
  const train = (lr: number, seed: number): Promise<RateRun> =>
    cache.get(`rate-${lr.toPrecision(6)}-${seed}-${steps}`, () => trainAtRate(task, seed, lr));
  const { best, bestOf, span } = await bestOfGrid(task, train);
  const rows: RegretRow[] = [];
  const version = finderVersion();
  for (const rule of rules) {
    const measured = measuredRules[rule];
    if (measured === undefined)
      throw new Error(`There is no rule ${rule}; there are: ${Object.keys(measuredRules).join(", ")}.`);
    for (const seed of seeds) {
      const key = `search-${version}-${JSON.stringify(measured.search).replaceAll(/\W+/g, "-")}-${seed}`;
      const search = await cache.get<SavedSearch>(key, async () =>
        (await findPick(task, seed, measured.search)).toJSON(),
      );
      const finder = LrFinder.fromJSON(search);
      const lr = finder.suggestion(measured.read);
      const gap = lr === null ? 1 : ((await train(lr, seed)).lowest - (bestOf.get(seed) ?? NaN)) / span;
      rows.push({ task: name, rule, seed, lr, gap, steps: stepsOf(finder) });
    }
  }
  if (!Number.isFinite(best)) throw new Error(`${name}: the grid has no best rate.`);
  return rows;
}

async function bestOfGrid(
  task: RegretTask,
  train: (lr: number, seed: number) => Promise<RateRun>,
): Promise<{ best: number; bestOf: Map<number, number>; span: number }> {
  const { seeds } = task.spec;
  const runs = new Map<number, RateRun[]>();
  const runAt = async (k: number): Promise<void> => {
    if (runs.has(k)) return;
    const atRate: RateRun[] = [];
    for (const seed of seeds) atRate.push(await train(10 ** (k / 4), seed));
    runs.set(k, atRate);
  };
  const meanAt = (k: number): number => mean((runs.get(k) ?? []).map(({ lowest }) => lowest));
  const bestK = (): number => [...runs.keys()].reduce((a, b) => (meanAt(b) < meanAt(a) ? b : a));
  const center = Math.round(4 * Math.log10(task.peers.best.lr));
  for (let k = center - GRID_REACH; k <= center + GRID_REACH; k++) await runAt(k);
  // The grid is extended while our best rate is at one of its ends.
  while (bestK() === Math.min(...runs.keys()) || bestK() === Math.max(...runs.keys())) {
    await runAt(bestK() === Math.min(...runs.keys()) ? bestK() - 1 : bestK() + 1);
  }
  const at = runs.get(bestK()) ?? [];
  return {
    best: 10 ** (bestK() / 4),
    bestOf: new Map(seeds.map((seed, i) => [seed, at[i]?.lowest ?? NaN])),
    span: mean(at.map(({ untrained }) => untrained)) - meanAt(bestK()),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
