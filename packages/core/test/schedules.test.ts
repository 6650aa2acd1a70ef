import { describe, expect, test } from "vitest";
import { cosineAnnealingLr, exponentialLr, lambdaLr, sgd, stepLr, type ScheduleRule } from "@fulmine/core";
import { LrScheduler } from "../src/schedules/lrScheduler.js";
import { oracle } from "../../../test/support/oracle.js";

interface ScheduleOracle {
  readonly schedules: readonly { readonly name: string; readonly baseLr: number; readonly lr: number[] }[];
}

/** A schedule of the reference data, by the words that describe it there; `null` for one that is not here. */
function parse(text: string): ScheduleRule | null {
  const [kind = "", ...words] = text.split(" ");
  const option = (name: string): number =>
    Number(words.find((word) => word.startsWith(`${name}=`))?.split("=")[1]);
  if (kind === "exponential") return exponentialLr({ gamma: option("gamma") });
  if (kind === "step") return stepLr({ stepSize: option("step_size"), gamma: option("gamma") });
  if (kind === "cosine") return cosineAnnealingLr({ period: option("T_max"), minLr: option("eta_min") });
  if (kind === "lambda") return lambdaLr((step) => 1 / (1 + 0.1 * step));
  return null;
}

describe("schedules give the rates that PyTorch's give, in float64", () => {
  for (const { name, baseLr, lr } of oracle<ScheduleOracle>("schedules").schedules) {
    const rule = parse(name);
    if (rule === null) continue;
    test(name, () => {
      const optimizer = sgd({ lr: baseLr });
      const scheduler = new LrScheduler(optimizer, rule, "epoch");
      const rates = lr.map(() => {
        const rate = optimizer.lr;
        scheduler.move();
        return rate;
      });
      for (const [step, rate] of rates.entries()) expect(rate).toBeCloseTo(lr[step] ?? NaN, 14);
    });
  }
});

test("a schedule restored from a snapshot goes on as before", () => {
  const optimizer = sgd({ lr: 1 });
  const scheduler = new LrScheduler(optimizer, cosineAnnealingLr({ period: 10 }), "step");
  scheduler.move();
  const snapshot = scheduler.snapshot();
  scheduler.move();
  const next = optimizer.lr;
  scheduler.move();
  scheduler.restore(snapshot);
  scheduler.move();
  expect(optimizer.lr).toBe(next);
});
