import { describe, expect, test } from "vitest";
import { sgd } from "@fulmine/core";
import { chainedLr } from "../../src/schedules/chainedLr.js";
import { constantLr, linearLr } from "../../src/schedules/warmup.js";
import { cosineAnnealingLr, cosineAnnealingWarmRestarts } from "../../src/schedules/cosineAnnealing.js";
import { cyclicLr } from "../../src/schedules/cyclicLr.js";
import { exponentialLr, multiStepLr, polynomialLr, stepLr } from "../../src/schedules/decay.js";
import { lambdaLr } from "../../src/schedules/lambdaLr.js";
import { LrScheduler } from "../../src/schedules/lrScheduler.js";
import { oneCycleLr } from "../../src/schedules/oneCycleLr.js";
import { reduceLrOnPlateau } from "../../src/schedules/reduceLrOnPlateau.js";
import type { ScheduleRule } from "../../src/schedules/scheduleRule.js";
import { sequentialLr } from "../../src/schedules/sequentialLr.js";
import { oracle } from "../../../../test/support/oracle.js";

interface ScheduleOracle {
  readonly schedules: readonly {
    readonly name: string;
    readonly baseLr: number;
    readonly lr: number[];
    readonly momentum?: number[];
    readonly metric?: number[];
  }[];
}

/** The words that describe a schedule in the reference data. */
class Words {
  readonly #words: readonly string[];

  constructor(text: string) {
    this.#words = text.split(" ").slice(1);
  }

  has(word: string): boolean {
    return this.#words.includes(word);
  }

  number(name: string): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : Number(text);
  }

  need(name: string): number {
    const value = this.number(name);
    if (value === undefined || Number.isNaN(value)) throw new Error(`no ${name} in ${this.#words.join(" ")}`);
    return value;
  }

  text(name: string): string | undefined {
    return this.#words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
  }

  /** The numbers in the brackets behind a name. */
  within(name: string): number[] {
    const inside = new RegExp(`^${name}\\((.*)\\)$`);
    const text = this.#words.map((word) => inside.exec(word)?.[1]).find((found) => found !== undefined);
    if (text === undefined) throw new Error(`no ${name}(…) in ${this.#words.join(" ")}`);
    return text.split(",").map((part) => Number(part.split("=").at(-1)));
  }
}

const optionals = (options: Record<string, number | undefined>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(options).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );

const kinds: Record<string, (words: Words) => ScheduleRule> = {
  exponential: (words) => exponentialLr({ gamma: words.need("gamma") }),
  step: (words) => stepLr({ stepSize: words.need("step_size"), gamma: words.need("gamma") }),
  multistep: (words) =>
    multiStepLr({
      milestones: (words.text("milestones") ?? "").split(",").map(Number),
      gamma: words.need("gamma"),
    }),
  constant: (words) => constantLr({ factor: words.need("factor"), totalSteps: words.need("total_iters") }),
  linear: (words) =>
    linearLr({
      startFactor: words.need("start_factor"),
      endFactor: words.need("end_factor"),
      totalSteps: words.need("total_iters"),
    }),
  polynomial: (words) => polynomialLr({ totalSteps: words.need("total_iters"), power: words.need("power") }),
  cosine: (words) => cosineAnnealingLr({ period: words.need("T_max"), minLr: words.need("eta_min") }),
  "cosine-restarts": (words) =>
    cosineAnnealingWarmRestarts({
      period: words.need("T_0"),
      periodFactor: words.need("T_mult"),
      minLr: words.need("eta_min"),
    }),
  onecycle: (words) =>
    oneCycleLr({
      maxLr: words.need("max_lr"),
      // The reference was run for `total_steps` optimizer steps with a cycle one longer, by both shapes of its formula.
      totalSteps: words.need("total_steps") + 1,
      pctStart: words.need("pct_start"),
      anneal: words.has("linear") ? "linear" : "cos",
      threePhase: words.has("three-phase"),
    }),
  cyclic: (words) =>
    cyclicLr({
      range: [words.need("base"), words.need("max")],
      mode: words.has("triangular2") ? "triangular2" : words.has("exp_range") ? "exp_range" : "triangular",
      cycleMomentum: false,
      ...optionals({
        stepSize: words.need("up"),
        stepSizeDown: words.number("down"),
        gamma: words.number("gamma"),
      }),
    }),
  plateau: (words) =>
    reduceLrOnPlateau({
      mode: words.has("max") ? "max" : "min",
      thresholdMode: words.has("abs") ? "abs" : "rel",
      ...optionals({
        factor: words.need("factor"),
        patience: words.need("patience"),
        threshold: words.need("threshold"),
        cooldown: words.number("cooldown"),
        minLr: words.number("min_lr"),
      }),
    }),
  sequential(words) {
    const [startFactor = NaN, endFactor = NaN, totalSteps = NaN] = words.within("linear");
    const [period = NaN] = words.within("cosine");
    return sequentialLr({
      schedules: [linearLr({ startFactor, endFactor, totalSteps }), cosineAnnealingLr({ period })],
      milestones: [words.need("milestones")],
    });
  },
  chained(words) {
    const [factor = NaN, totalSteps = NaN] = words.within("constant");
    const [gamma = NaN] = words.within("exponential");
    return chainedLr([constantLr({ factor, totalSteps }), exponentialLr({ gamma })]);
  },
  lambda: () => lambdaLr((step) => 1 / (1 + 0.1 * step)),
};

function parse(text: string): ScheduleRule {
  const kind = text.split(" ")[0] ?? "";
  const make = kinds[kind];
  if (make === undefined) throw new Error(`no schedule is known for "${text}"`);
  return make(new Words(text));
}

/**
 * How far rates may be from PyTorch's, as a share: not at all, but where a cosine or a power is taken, which JavaScript
 * and Python round differently; in a recursion such roundings add up.
 */
function tolerance(text: string): number {
  if (/^(cosine |sequential )/.test(text)) return 1e-14;
  return /^(cosine-restarts|onecycle .* cos|cyclic exp_range|polynomial|multistep)/.test(text) ? 1e-15 : 0;
}

const distance = (got: number, wanted: number): number =>
  got === wanted ? 0 : Math.abs(got - wanted) / Math.abs(wanted);

describe("schedules give the rates that PyTorch's give, in float64", () => {
  for (const { name, baseLr, lr: rates, momentum: momenta, metric } of oracle<ScheduleOracle>("schedules")
    .schedules) {
    test(name, () => {
      const optimizer = sgd({ lr: baseLr, momentum: 0.9 });
      const [group] = optimizer.paramGroups;
      const scheduler = new LrScheduler(optimizer, parse(name));
      for (const [step, wanted] of rates.entries()) {
        expect(distance(optimizer.lr, wanted)).toBeLessThanOrEqual(tolerance(name));
        const momentum = momenta?.[step] ?? 0.9;
        expect(distance(group?.options.momentum ?? NaN, momentum)).toBeLessThanOrEqual(tolerance(name));
        scheduler.step(metric?.[step]);
      }
    });
  }
});
