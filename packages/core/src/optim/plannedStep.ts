import type { Scalar, Tensor, Variable } from "@tensorflow/tfjs-core";
import type { Optimizer } from "./optimizer.js";

/** An optimizer's next step taken apart: what it needs, the update as a pure function of it, and what follows. */
export interface PlannedStep {
  /** The parameters that it moves. */
  readonly params: readonly Variable[];
  /** The numbers that the update needs, computed in float64. */
  readonly scalars: readonly number[];
  /** The present slots of all these parameters. */
  readonly slots: readonly Tensor[];
  /** What else decides how the update is computed; equal values mean the same computation. */
  readonly guards: readonly unknown[];
  /**
   * Gives the parameters and their slots the next values.
   *
   * @returns The next slots, in the order of `slots`; the optimizer owns them.
   */
  apply(gradients: ReadonlyMap<Variable, Tensor>, scalars: readonly Scalar[]): Tensor[];
  /** Counts the step, and takes up those next slots that are neither the present tensor nor given by `apply`. */
  commit(slots: readonly Tensor[]): void;
}

/** The next steps of several optimizers as one; `null` when any of them can't be taken apart. */
export function planTogether(
  optimizers: readonly Optimizer[],
  reached: ReadonlySet<Variable> | null,
): PlannedStep | null {
  const plans: PlannedStep[] = [];
  for (const optimizer of optimizers) {
    const plan = optimizer.plan?.(reached) ?? null;
    if (plan === null) return null;
    plans.push(plan);
  }
  const [only] = plans;
  return plans.length === 1 && only !== undefined ? only : joined(plans);
}

function joined(plans: readonly PlannedStep[]): PlannedStep {
  const shares = <T>(all: readonly T[], lengthOf: (plan: PlannedStep) => number): T[][] => {
    let next = 0;
    return plans.map((plan) => all.slice(next, (next += lengthOf(plan))));
  };
  return {
    params: plans.flatMap(({ params }) => params),
    scalars: plans.flatMap(({ scalars }) => scalars),
    slots: plans.flatMap(({ slots }) => slots),
    guards: plans.flatMap(({ guards }) => guards),
    apply(gradients, scalars) {
      const own = shares(scalars, (plan) => plan.scalars.length);
      return plans.flatMap((plan, index) => plan.apply(gradients, own[index] ?? []));
    },
    commit(slots) {
      const own = shares(slots, (plan) => plan.slots.length);
      for (const [index, plan] of plans.entries()) plan.commit(own[index] ?? []);
    },
  };
}
