import type { Variable } from "@tensorflow/tfjs-core";
import type { Optimizer } from "./optimizer.js";
import type { PlannedStep } from "./plannedStep.js";

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
