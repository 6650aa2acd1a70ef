import type { Scalar, Tensor, Variable } from "@tensorflow/tfjs-core";

/** An optimizer's next step, split into its inputs, the update as a pure function of them, and the bookkeeping after it. */
export interface PlannedStep {
  /** The parameters to update. */
  readonly params: readonly Variable[];
  /** The numbers that the update needs, computed in float64. */
  readonly scalars: readonly number[];
  /** The current slots of these parameters. */
  readonly slots: readonly Tensor[];
  /** Other values that decide how the update is computed; equal values mean the same computation. */
  readonly guards: readonly unknown[];
  /**
   * Assigns the new values to the parameters and their slots.
   *
   * @returns The new slots, in the order of `slots`; the optimizer owns them.
   */
  apply(gradients: ReadonlyMap<Variable, Tensor>, scalars: readonly Scalar[]): Tensor[];
  /** Counts the step and stores the new slots, where they are neither the current tensors nor results of `apply`. */
  commit(slots: readonly Tensor[]): void;
}

/** An optimizer that may be able to plan its next step. */
interface Planner {
  plan?(reached: ReadonlySet<Variable> | null): PlannedStep | null;
}

/**
 * Plans the next steps of several optimizers as one step.
 *
 * @param reached - The parameters that have a gradient, if that is known.
 * @returns `null` if the step of any optimizer can't be planned.
 */
export function planTogether(
  optimizers: readonly Planner[],
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
  const split = <T>(all: readonly T[], lengthOf: (plan: PlannedStep) => number): T[][] => {
    let next = 0;
    return plans.map((plan) => all.slice(next, (next += lengthOf(plan))));
  };
  return {
    params: plans.flatMap(({ params }) => params),
    scalars: plans.flatMap(({ scalars }) => scalars),
    slots: plans.flatMap(({ slots }) => slots),
    guards: plans.flatMap(({ guards }) => guards),
    apply(gradients, scalars) {
      const own = split(scalars, (plan) => plan.scalars.length);
      return plans.flatMap((plan, index) => plan.apply(gradients, own[index] ?? []));
    },
    commit(slots) {
      const own = split(slots, (plan) => plan.slots.length);
      for (const [index, plan] of plans.entries()) plan.commit(own[index] ?? []);
    },
  };
}
