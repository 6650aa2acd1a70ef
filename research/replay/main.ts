// Replays searches on records: one task as a line of JSON on stdin, what each search found as a line on stdout.
import { findLr, suggest, type FindLrOptions, type LrFinder } from "@fulmine/lr-finder";
import { createInterface } from "node:readline";
import { autoReadings, withUnknownOptimizer, type AutoReadings } from "./autoReadings.js";
import { ReplayHost, UnusedModule, type Replay } from "./replayHost.js";
import { nearestRate, type TaskRecord } from "./taskRecord.js";

/** What is searched on a task. */
interface Request {
  readonly record: TaskRecord;
  readonly searches: readonly {
    readonly options: FindLrOptions;
    /** How many decades above `auto`'s pick the trials of `refine` begin. @defaultValue 0 */
    readonly begin?: number;
  }[];
}

/** What a search found: the picks of several rules, and what `auto` read. */
interface Found extends AutoReadings {
  readonly auto: number | null;
  /** The pick of `auto` on the same curve if the optimizer is not known. */
  readonly unknown: number | null;
  readonly ruleValley: number | null;
  readonly ruleMinimum: number | null;
  /** The number of steps, those of the trials included. */
  readonly steps: number;
}

for await (const line of createInterface({ input: process.stdin })) {
  const { record, searches } = JSON.parse(line) as Request;
  const found: Found[] = [];
  for (const { options, begin = 0 } of searches) {
    const replay = { record, rungs: options.numTraining ?? 100, begin };
    const search = { ...options, progress: false };
    found.push(read(await findLr(new ReplayHost(replay), new UnusedModule(), undefined, search), replay));
  }
  process.stdout.write(`${JSON.stringify(found)}\n`);
}

function read(finder: LrFinder, replay: Replay): Found {
  const { trials = [], ...curve } = finder.results;
  return {
    ...autoReadings(curve),
    auto: onRecordedRates(finder, replay),
    unknown: suggest(withUnknownOptimizer(curve)).lr,
    ruleValley: suggest(curve, "valley").lr,
    ruleMinimum: suggest(curve, "minimum").lr,
    steps: trials.reduce((sum, { loss }) => sum + loss.length, curve.lr.length),
  };
}

/** The pick, moved by as much as the trials' rates differ from the recorded ones that answered for them. */
function onRecordedRates(finder: LrFinder, { record, begin }: Replay): number | null {
  const lr = finder.suggestion();
  const [nearest] = (finder.results.trials ?? []).toSorted(
    (a, b) => Math.abs(Math.log(a.lr / (lr ?? NaN))) - Math.abs(Math.log(b.lr / (lr ?? NaN))),
  );
  if (lr === null || nearest === undefined) return lr;
  return (lr * (record.rates[nearestRate(record, nearest.lr, begin)] ?? NaN)) / nearest.lr;
}
