import type { LrScheduler, Optimizer, Scheduled, ScheduleRule, ScheduleStart } from "@fulmine/core";

/** The rates with which an optimizer begins, by parameter group. */
export interface PlannedRates {
  /** The optimizer's name. */
  readonly optimizer: string;
  /** The rates without a schedule. */
  readonly base: readonly number[];
  /**
   * The schedule's name, and the rates that it sets step by step; no rates if they are not known, `null` without a schedule.
   */
  readonly scheduled: { readonly name: string; readonly rates: readonly number[] } | null;
}

/** The number of steps of a schedule that are compared: a warm-up to rates of its own can take hundreds. */
const STEPS = 1000;

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
  // A schedule whose rates are not known may use the hyperparameter.
  if (scheduled?.rates.length === 0) return null;
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

function scheduledRates(bases: readonly number[], schedule: ScheduleRule): PlannedRates["scheduled"] {
  return { name: schedule.name, rates: bases.flatMap((base) => walk(base, schedule)) };
}

function walk(base: number, rule: ScheduleRule): readonly number[] {
  try {
    const run = { base, totalSteps: STEPS };
    return [...following(rule, run, rule.first?.({ ...run, lr: base }) ?? { lr: base }, 0)];
  } catch {
    return [];
  }
}

/**
 * The highest rate to which a schedule rises from now on without a fall, e.g. at the end of a warm-up; the present rate if it falls
 * next. It is that of the first parameter group.
 */
export function topOfRise(scheduler: LrScheduler): number {
  const { rule, totalSteps, optimizer } = scheduler;
  const { step, groups } = scheduler.snapshot();
  const { lr, base, state } = groups[0] ?? { lr: optimizer.lr, base: optimizer.lr, state: null };
  let top = lr;
  for (const rate of following(rule, { base, totalSteps }, { lr, state: state ?? undefined }, step)) {
    if (rate < top) break;
    top = rate;
  }
  return top;
}

/**
 * The rate of a step of a schedule and those of the next steps. It ends at the first step that can't be known, e.g. because it
 * depends on a metric or because a user's schedule fails without what only a fit knows.
 */
function* following(
  rule: ScheduleRule,
  run: Pick<ScheduleStart, "base" | "totalSteps">,
  from: Scheduled,
  step: number,
): Generator<number> {
  const last = Math.min(run.totalSteps ?? Infinity, step + STEPS);
  let now = from;
  for (let next = step + 1; Number.isFinite(now.lr); next++) {
    yield now.lr;
    if (rule.needsMetric === true || next >= last) return;
    try {
      now = rule.next({ ...run, lr: now.lr, state: now.state, step: next, metric: undefined });
    } catch {
      return;
    }
  }
}

function isSame(before: readonly number[], after: readonly number[]): boolean {
  return before.length === after.length && before.every((rate, index) => rate === after[index]);
}
