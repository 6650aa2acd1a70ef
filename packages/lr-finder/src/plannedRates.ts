import type { LrScheduler, Optimizer, ScheduleRule } from "@fulmine/core";

/** The rates with which an optimizer begins, by parameter group. */
export interface PlannedRates {
  /** The optimizer's name. */
  readonly optimizer: string;
  /** The rates without a schedule. */
  readonly base: readonly number[];
  /** The schedule's name, and the rates before and after its first step; `null` without a schedule, or if they are not known. */
  readonly scheduled: { readonly name: string; readonly rates: readonly number[] } | null;
}

/**
 * The rates with which an optimizer begins.
 *
 * @param schedule - A schedule that has not set the optimizer's rates yet.
 */
export function ratesBefore(optimizer: Optimizer, schedule: ScheduleRule | undefined): PlannedRates {
  return plan(
    optimizer.name,
    optimizer.paramGroups.map(({ lr }) => lr),
    schedule,
  );
}

/** The rates with which an optimizer begins, after its schedule, if it has one, has set them. */
export function ratesAfter(optimizer: Optimizer, schedulers: readonly LrScheduler[]): PlannedRates {
  const scheduler = schedulers.find((each) => each.optimizer === optimizer);
  if (scheduler === undefined) return ratesBefore(optimizer, undefined);
  const bases = scheduler.snapshot().groups.map(({ base }) => base);
  return plan(optimizer.name, bases, scheduler.rule);
}

/**
 * Why a hyperparameter that has changed did not change the rates of an optimizer, with advice; `null` if it did.
 *
 * @param field - The path of the hyperparameter.
 */
export function unusedField(before: PlannedRates, after: PlannedRates, field: string): string | null {
  const { optimizer, base, scheduled } = after;
  const isScheduledAlike = isSame(before.scheduled?.rates ?? [], scheduled?.rates ?? []);
  if (isSame(before.base, base)) {
    if (!isScheduledAlike) return null;
    return (
      `\`configureOptimizers\` does not use hparams.${field}: the rate of ${optimizer} is still ${base.join(", ")}. ` +
      `Write e.g. adam({ lr: this.hparams.${field} }).`
    );
  }
  // A schedule may also begin with a rate of 0.
  const overrides = scheduled !== null && isScheduledAlike && scheduled.rates.some((rate) => rate !== 0);
  if (!overrides) return null;
  return (
    `The schedule ${scheduled.name} sets rates that do not depend on hparams.${field}, so the found rate has no effect on ` +
    `${optimizer}. Leave the schedule's own rate out, or take it from there: oneCycleLr({ maxLr: this.hparams.${field}, … }).`
  );
}

function plan(optimizer: string, base: readonly number[], schedule: ScheduleRule | undefined): PlannedRates {
  return { optimizer, base, scheduled: schedule === undefined ? null : scheduledRates(base, schedule) };
}

/** A user's schedule may fail without the metric that it watches: then its rates are not known. */
function scheduledRates(bases: readonly number[], schedule: ScheduleRule): PlannedRates["scheduled"] {
  try {
    const rates = bases.flatMap((base) => {
      const first = schedule.first?.({ lr: base, base }) ?? { lr: base };
      if (schedule.needsMetric === true) return [first.lr];
      const { lr, state } = first;
      return [lr, schedule.next({ lr, base, step: 1, state, metric: undefined }).lr];
    });
    return { name: schedule.name, rates };
  } catch {
    return null;
  }
}

function isSame(before: readonly number[], after: readonly number[]): boolean {
  return before.length === after.length && before.every((rate, index) => rate === after[index]);
}
