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
  const overriding = overridingSchedule(before, after);
  if (overriding !== null) {
    return (
      `The schedule ${overriding} sets rates that do not depend on hparams.${field}, so the found rate has no effect on ` +
      `${optimizer}. Leave the schedule's own rate out, or take it from there: oneCycleLr({ maxLr: this.hparams.${field}, … }).`
    );
  }
  const isUnchanged = isSame(before.base, base) && isScheduledAlike(before, after);
  if (!isUnchanged) return null;
  const kept = scheduled === null ? "is still" : "still begins at";
  return (
    `\`configureOptimizers\` does not use hparams.${field}: the rate of ${optimizer} ${kept} ${base.join(", ")}. ` +
    `Write e.g. adam({ lr: this.hparams.${field} }).`
  );
}

/** The name of a schedule that sets the same rates although the optimizer's own have changed; `null` if none does. */
export function overridingSchedule(before: PlannedRates, after: PlannedRates): string | null {
  const { scheduled } = after;
  if (scheduled === null || isSame(before.base, after.base) || !isScheduledAlike(before, after)) return null;
  // A schedule may also begin with a rate of 0.
  return scheduled.rates.some((rate) => rate !== 0) ? scheduled.name : null;
}

function isScheduledAlike(before: PlannedRates, after: PlannedRates): boolean {
  return isSame(before.scheduled?.rates ?? [], after.scheduled?.rates ?? []);
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
