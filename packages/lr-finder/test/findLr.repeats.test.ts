import type * as tf from "@tensorflow/tfjs";
import { Trainer as CoreTrainer, type Batch } from "@fulmine/core";
import { withLrFinder, type Curve, type FindLrOptions } from "@fulmine/lr-finder";
import { describe, expect, test } from "vitest";
import { makeLoader, makeTiny, TinyModule } from "../../core/test/support/tinyModule.js";

const Trainer = withLrFinder(CoreTrainer);

const quiet = { enableProgressBar: false, seed: 1 } as const;

const options: FindLrOptions = { minLr: 1e-4, maxLr: 1, numTraining: 12, earlyStopThreshold: null };

async function sweepOnce(more: FindLrOptions, train = makeLoader()): Promise<Curve> {
  const data = { train, val: makeLoader({ size: 32 }) };
  return (await new Trainer(quiet).findLr(makeTiny(TinyModule), data, { ...options, ...more })).results;
}

describe("repeated sweeps", () => {
  test.each([
    ["a shuffling loader", () => makeLoader()],
    ["a loader with its own random generator", () => makeLoader({ seed: 3 })],
  ])(
    "on %s start from the same state with different batches, and are averaged with a band",
    async (_, makeData) => {
      const once = await sweepOnce({ seed: 5 }, makeData());
      const twice = await sweepOnce({ seed: 5, repeats: 2 }, makeData());
      const { band, ...mean } = twice;
      const other = mean.smoothed.map((loss, rung) => 2 * loss - (once.smoothed[rung] ?? NaN));
      expect(other.some((loss, rung) => Math.abs(loss - (once.smoothed[rung] ?? NaN)) > 1e-3)).toBe(true);
      expect(band?.sweeps).toBe(2);
      for (const [rung, loss] of once.smoothed.entries()) {
        const both = [loss, other[rung] ?? NaN];
        expect(band?.low[rung]).toBeCloseTo(Math.min(...both), 9);
        expect(band?.high[rung]).toBeCloseTo(Math.max(...both), 9);
      }
      expect(Object.keys(mean)).toEqual(Object.keys(once));
      expect(await sweepOnce({ seed: 5, repeats: 2 }, makeData())).toEqual(twice);
    },
  );

  test("average held-out losses", async () => {
    const { valLoss = [], valSmoothed = [], band } = await sweepOnce({ repeats: 3, val: 4 });
    expect(valLoss.flatMap((loss, rung) => (Number.isNaN(loss) ? [] : [rung]))).toEqual([0, 4, 8, 11]);
    for (const rung of [0, 4, 8, 11]) {
      expect(valSmoothed[rung]).toBeGreaterThanOrEqual(band?.low[rung] ?? NaN);
      expect(valSmoothed[rung]).toBeLessThanOrEqual(band?.high[rung] ?? NaN);
    }
    expect(band?.low[1]).toBeNaN();
  });

  test("run the given number of times", async () => {
    let steps = 0;
    class Counting extends TinyModule {
      override trainingStep(batch: Batch, batchIdx: number): tf.Tensor {
        steps += 1;
        return super.trainingStep(batch, batchIdx);
      }
    }
    const trainer = new Trainer(quiet);
    await trainer.findLr(makeTiny(Counting), { train: makeLoader() }, { ...options, repeats: 3 });
    expect(steps).toBe(36);
  });
});
