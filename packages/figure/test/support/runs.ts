import type { EpochRecord } from "@fulmine/core";
import type { TrainingSource } from "@fulmine/figure";

/** Makes the history of a run. */
export function makeHistory(
  epochs: number,
  measure: (epoch: number) => Record<string, number>,
  lr: (epoch: number) => Record<string, number> = () => ({ "lr-adam": 1e-3 }),
): EpochRecord[] {
  return Array.from({ length: epochs }, (_, i) => ({
    ...{ epoch: i + 1, steps: 20 * (i + 1) },
    ...{ metrics: measure(i + 1), lr: lr(i + 1) },
  }));
}

/** The same noise on every machine. */
const noise = (at: number): number => ((at * 7919) % 101) / 101 - 0.5;

const cosine = (epoch: number): Record<string, number> => ({
  "lr-adam": 0.005 * (1 + Math.cos((Math.PI * (epoch - 1)) / 20)),
});

/** A metrics.csv with the values of single steps, the means of epochs, rates and a test. */
function makeCsv(): string {
  const rows = Array.from({ length: 400 }, (_, i) => {
    const step = i + 1;
    const loss = 2 / (1 + step / 60);
    const isEnd = step % 50 === 0;
    const ofEpoch = isEnd ? [1.1 * loss, 1.2 * loss, 1 - 0.4 * loss] : ["", "", ""];
    return [step, loss + 0.4 * noise(step), ...ofEpoch, isEnd ? 1e-3 / step : "", step === 400 ? 0.88 : ""];
  });
  const head = "step,train_loss_step,train_loss_epoch,val_loss,val_acc,lr-sgd,test_acc";
  return `${[head, ...rows.map((row) => row.join())].join("\n")}\n`;
}

/** The runs that the tests draw in every format. */
export const runs: Readonly<Record<string, TrainingSource>> = {
  typical: {
    history: makeHistory(
      20,
      (epoch) => ({
        train_loss: 2.2 * Math.exp(-epoch / 4) + 0.05 + 0.02 * noise(epoch),
        train_acc: 1 - 0.85 * Math.exp(-epoch / 3),
        val_loss: 2 * Math.exp(-epoch / 4) + 0.12 + 0.006 * epoch,
        val_acc: 0.96 - 0.8 * Math.exp(-epoch / 3),
      }),
      cosine,
    ),
  },
  "one-epoch": makeHistory(1, () => ({ loss: 0.41, val_loss: 0.173, acc: 0.85 })),
  "500-epochs": makeHistory(500, (epoch) => ({
    loss: 3 / (1 + epoch / 10) + 0.01 * noise(epoch),
    val_loss: 3 / (1 + epoch / 12) + 0.3,
  })),
  "no-validation": makeHistory(10, (epoch) => ({ loss: 1 / epoch })),
  gaps: makeHistory(12, (epoch) => ({
    loss: epoch === 5 ? NaN : epoch > 9 ? Infinity : 1 / epoch,
    ...(epoch % 3 === 0 ? { val_loss: 1.2 / epoch } : {}),
    acc: epoch < 7 && epoch % 2 === 0 ? NaN : epoch / 12,
  })),
  scales: makeHistory(
    30,
    (epoch) => ({
      ...{ loss: 1e6 * Math.exp(-epoch), val_loss: 5e5 * Math.exp(-0.8 * epoch) },
      ...{ r2: 13.3 * epoch - 400, constant: 7, zero: 0 },
    }),
    (epoch) => ({ "lr-sgd/pg1": 0.1 / epoch, "lr-sgd/pg2": 0.01 / epoch }),
  ),
  "long-names": makeHistory(8, (epoch) => ({
    ...{ loss: 1 / epoch, val_loss: 1.4 / epoch, 'val_<b>&"odd"': epoch },
    train_mean_intersection_over_union_of_the_foreground_classes_weighted_by_frequency: epoch / 9,
  })),
  csv: makeCsv(),
};
