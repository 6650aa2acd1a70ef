import type { Measurement } from "./measurements.js";
import { LOSS, RATE, type SeriesKind, type TrainingPanel, type TrainingSeries } from "./trainingData.js";

/** The panel and the kind of a metric. */
interface Place {
  readonly panel: string;
  readonly kind: SeriesKind;
}

const STAGES: Readonly<Record<string, SeriesKind>> = {
  ...{ train: "train", training: "train", test: "test" },
  ...{ val: "val", valid: "val", validation: "val" },
};

/**
 * Sorts metrics into panels by their names: `acc`, `train_acc` and `val_acc` share one, as do `acc_step` and `acc_epoch`, and
 * all learning rates, such as `lr-adam`.
 */
export function toPanels(rows: readonly Measurement[]): readonly TrainingPanel[] {
  const names = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  const panels = new Map<string, TrainingSeries[]>();
  for (const name of names) {
    const { panel, kind } = placeOf(name, names);
    const isFree = (title: string): boolean =>
      kind === "rate" || panels.get(title)?.some((other) => other.kind === kind) !== true;
    // A second line of a kind gets a panel of its own, such as `loss` beside `train_loss`.
    let title = panel;
    for (let number = 2; !isFree(title); number++) title = `${panel} (${number})`;
    panels.set(title, [...(panels.get(title) ?? []), { name, kind, ...pointsOf(rows, name) }]);
  }
  const rank = (name: string): number => (name === LOSS ? 0 : name === RATE ? 2 : 1);
  return [...panels].map(([name, series]) => ({ name, series })).sort((a, b) => rank(a.name) - rank(b.name));
}

function placeOf(name: string, names: readonly string[]): Place {
  if (/^lr([-/]|$)/.test(name) && !name.endsWith("-momentum")) return { panel: RATE, kind: "rate" };
  const [, plain = name, ending = ""] = /^(.+)_(step|epoch)$/.exec(name) ?? [];
  // Only a metric that is logged for both has these endings; `time_step` alone is a name.
  const isBoth = ending !== "" && names.includes(`${plain}_${ending === "step" ? "epoch" : "step"}`);
  const own = isBoth ? plain : name;
  const [, prefix = "", rest = ""] = /^([a-z]+)[_/](.+)$/.exec(own) ?? [];
  const stage = Object.hasOwn(STAGES, prefix) ? STAGES[prefix] : undefined;
  const kind = isBoth && ending === "step" ? "steps" : (stage ?? "train");
  return { panel: stage === undefined ? own : rest, kind };
}

/**
 * The values of a metric. A run that was resumed has logged some steps twice: what was logged before the resumption is
 * dropped from there on.
 */
function pointsOf(rows: readonly Measurement[], name: string): Pick<TrainingSeries, "at" | "values"> {
  const [at, values]: [number[], number[]] = [[], []];
  for (const row of rows) {
    if (!Object.hasOwn(row.values, name)) continue;
    while ((at.at(-1) ?? -Infinity) >= row.at) {
      at.pop();
      values.pop();
    }
    at.push(row.at);
    values.push(row.values[name] ?? NaN);
  }
  return { at, values };
}
