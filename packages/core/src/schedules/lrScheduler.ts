import { FulmineError } from "../errors/fulmineError.js";
import type { Metrics } from "../loggers/logger.js";
import { momentumOf, putMomentum } from "../optim/momentum.js";
import type { Optimizer } from "../optim/optimizer.js";
import { requireScheduled, type PlainValue, type Scheduled, type ScheduleRule } from "./scheduleRule.js";

/** When a schedule moves, and by what metric. */
export interface ScheduleTiming {
  /** What the schedule counts: optimizer steps or epochs. @defaultValue "epoch" */
  readonly interval?: "step" | "epoch";
  /** After every how many of these the schedule moves. @defaultValue 1 */
  readonly frequency?: number;
  /** The logged metric that the schedule watches. */
  readonly monitor?: string;
}

/** Where a schedule stands, as plain data that survives JSON. */
export interface LrSchedulerState {
  /** The schedule's name. */
  readonly name: string;
  /** How many times it has moved. */
  readonly step: number;
  /** Of each group of parameters: rate, momentum where there is one, the rate at the start, and the rule's own state. */
  readonly groups: readonly {
    readonly lr: number;
    readonly momentum: number | null;
    readonly base: number;
    readonly state: PlainValue;
  }[];
}

interface GroupState {
  base: number;
  state: PlainValue | undefined;
}

/** Moves the learning rate, and where the schedule says so the momentum, of an optimizer's groups along a schedule. */
export class LrScheduler {
  readonly interval: "step" | "epoch";
  readonly frequency: number;
  readonly monitor: string | undefined;
  #step = 0;
  readonly #groups: GroupState[];

  /**
   * @throws {@link FulmineError} `INVALID_OPTION` when the schedule moves a momentum that the optimizer has not, or gives a
   * rate that is no finite number.
   */
  constructor(
    readonly optimizer: Optimizer,
    readonly rule: ScheduleRule,
    { interval = "epoch", frequency = 1, monitor }: ScheduleTiming = {},
  ) {
    this.interval = interval;
    this.frequency = frequency;
    this.monitor = monitor;
    if (rule.cyclesMomentum === true) this.#requireMomentum();
    this.#groups = optimizer.paramGroups.map(({ lr }) => ({ base: lr, state: undefined }));
    this.#apply((lr, { base }) => rule.first?.({ lr, base }) ?? { lr });
  }

  /**
   * Moves on by one.
   *
   * @param metric - The watched metric's last value, for a schedule that watches one.
   * @throws {@link FulmineError} `INVALID_STATE` when the schedule needs a metric and gets none, `INVALID_OPTION` when it
   * gives a rate that is no finite number.
   */
  move(metric?: number): void {
    const step = this.#step + 1;
    this.#apply((lr, { base, state }) => this.rule.next({ lr, base, step, state, metric }));
    this.#step = step;
  }

  /**
   * Moves on by one when its turn has come, with the metric that it watches.
   *
   * @param count - The number of steps or epochs, whichever has just ended, that are behind.
   * @throws {@link FulmineError} `INVALID_OPTION` when nobody has logged that metric.
   */
  moveIfDue(ended: "step" | "epoch", count: number, metrics: Metrics): void {
    const { interval, frequency, monitor } = this;
    if (interval !== ended || count % frequency !== 0) return;
    const value = monitor === undefined ? undefined : metrics[monitor];
    if (monitor !== undefined && value === undefined) {
      throw new FulmineError(
        "INVALID_OPTION",
        `A schedule watches \`${monitor}\`, which nobody has logged.`,
        {
          received: Object.keys(metrics),
          todo:
            "Log it before the schedule moves, or watch one of those; let `frequency` wait for the first validation where it " +
            "comes from there.",
        },
      );
    }
    this.move(value);
  }

  #apply(next: (lr: number, group: GroupState) => Scheduled): void {
    const { paramGroups } = this.optimizer;
    const all = this.#groups.map((group, index) =>
      requireScheduled(this.rule, next(paramGroups[index]?.lr ?? group.base, group)),
    );
    for (const [index, { lr, momentum, state }] of all.entries()) {
      const [group, own] = [paramGroups[index], this.#groups[index]];
      if (group === undefined || own === undefined) continue;
      group.lr = lr;
      if (momentum !== undefined) putMomentum(group, momentum);
      own.state = state;
    }
  }

  /** Where the schedule stands now. */
  snapshot(): LrSchedulerState {
    return {
      name: this.rule.name,
      step: this.#step,
      groups: this.optimizer.paramGroups.map((group, index) => ({
        lr: group.lr,
        momentum: momentumOf(group) ?? null,
        base: this.#groups[index]?.base ?? group.lr,
        state: this.#groups[index]?.state ?? null,
      })),
    };
  }

  /** Goes back to where a snapshot was taken. */
  restore({ step, groups }: LrSchedulerState): void {
    this.#step = step;
    for (const [index, group] of this.optimizer.paramGroups.entries()) {
      const saved = groups[index];
      if (saved === undefined) continue;
      group.lr = saved.lr;
      if (saved.momentum !== null) putMomentum(group, saved.momentum);
      this.#groups[index] = { base: saved.base, state: saved.state ?? undefined };
    }
  }

  /** Where the schedule stands, for a checkpoint. */
  stateDict(): LrSchedulerState {
    return this.snapshot();
  }

  /**
   * Goes on from where a checkpoint was made.
   *
   * @throws {@link FulmineError} `INVALID_STATE` when it is of another schedule or of another number of groups.
   */
  loadStateDict(state: LrSchedulerState): void {
    const [here, there] = [this.#groups.length, state.groups.length];
    const { name } = this.rule;
    if (state.name === name && here === there) {
      this.#requireFitting(state);
      this.restore(state);
      return;
    }
    const saved = `of \`${state.name}\` with ${there} group(s)`;
    throw new FulmineError(
      "INVALID_STATE",
      `The saved schedule state is ${saved}, and the schedule is \`${name}\` with ${here}.`,
      { todo: "Load it with the configureOptimizers that it was saved with." },
    );
  }

  #requireFitting({ groups }: LrSchedulerState): void {
    const { name } = this.rule;
    for (const [index, { state, momentum }] of groups.entries()) {
      const group = this.optimizer.paramGroups[index];
      const hasMomentum = group !== undefined && momentumOf(group) !== undefined;
      const isFitting = state === null || (this.rule.isState?.(state) ?? true);
      if (isFitting && hasMomentum === (momentum !== null)) continue;
      throw new FulmineError("INVALID_STATE", `The saved state of \`${name}\` is not one that it can have.`, {
        received: isFitting ? momentum : state,
        todo: "Load it with the configureOptimizers that it was saved with.",
      });
    }
  }

  #requireMomentum(): void {
    if (this.optimizer.paramGroups.every((group) => momentumOf(group) !== undefined)) return;
    throw new FulmineError(
      "INVALID_OPTION",
      `\`${this.rule.name}\` is to move the momentum, and \`${this.optimizer.name}\` has none.`,
      {
        todo: "Pass { cycleMomentum: false } to the schedule, or take an optimizer with `momentum` or `betas`.",
      },
    );
  }
}
