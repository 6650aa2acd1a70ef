import * as tf from "@tensorflow/tfjs";
import { Module, sgd, Trainer, type Batch } from "@fulmine/core";
import { rules, suggest, type Curve, type RuleName } from "@fulmine/lr-finder";

/** What a part of the finder costs. */
export interface Cost {
  readonly task: string;
  readonly measure: string;
  readonly value: number;
  readonly spread: number;
}

/** Times every rule on 1,000 rungs, and what isolation takes of time and memory by the size of the model. */
export async function measureCost(): Promise<Cost[]> {
  const costs: Cost[] = (Object.keys(rules) as RuleName[]).map((name) => ({
    task: `rule ${name}`,
    measure: "ms for 1,000 rungs",
    ...medianOf(timesOf(51, () => suggest(curve, name))),
  }));
  for (const units of [64, 512, 2048]) {
    const model = new Wide(units);
    const trainer = new Trainer({ enableProgressBar: false });
    const batch = { xs: tf.ones([1, 1]), ys: tf.ones([1, 1]) };
    const taken: number[] = [];
    const grown: number[] = [];
    for (let run = 0; run < 21; run++) {
      const before = process.memoryUsage().rss;
      const started = performance.now();
      await trainer.isolated(model, { train: [batch] }, () => Promise.resolve());
      taken.push(performance.now() - started);
      await trainer.isolated(model, { train: [batch] }, () =>
        Promise.resolve(grown.push((process.memoryUsage().rss - before) / 2 ** 20)),
      );
    }
    const task = `isolation of ${(units ** 2 / 1000).toFixed(0)}k weights`;
    costs.push({ task, measure: "ms to capture and restore", ...medianOf(taken) });
    costs.push({ task, measure: "MiB of memory at capture", ...medianOf(grown) });
    tf.dispose([batch.xs, batch.ys, model.weight]);
  }
  return costs;
}

class Wide extends Module {
  readonly weight: tf.Variable;

  constructor(units: number) {
    super();
    this.weight = tf.variable(tf.zeros([units, units]));
  }

  trainingStep({ xs }: Batch): tf.Tensor {
    return tf.mul(tf.mean(this.weight), tf.mean(xs));
  }

  configureOptimizers() {
    return sgd({ lr: 1, momentum: 0.9 });
  }
}

const loss = Array.from(
  { length: 1000 },
  (_, k) => 2 - k / 1000 + 0.1 * Math.sin(k * 12.9898) + (k > 950 ? k - 950 : 0),
);
const curve: Curve = {
  ...{ mode: "exponential", stopped: "finished", loss, smoothed: loss },
  lr: loss.map((_, k) => 1e-6 * 10 ** (k / 143)),
};

function timesOf(count: number, run: () => unknown): number[] {
  return Array.from({ length: count }, () => {
    const started = performance.now();
    run();
    return performance.now() - started;
  });
}

/** The median, and the distance between the quartiles. */
function medianOf(taken: readonly number[]): { value: number; spread: number } {
  const sorted = taken.toSorted((a, b) => a - b);
  const at = (part: number): number => sorted[Math.floor(part * (sorted.length - 1))] ?? NaN;
  return { value: at(0.5), spread: at(0.75) - at(0.25) };
}
