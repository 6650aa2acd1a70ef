import { counted } from "../errors/counted.js";
import { FulmineError } from "../errors/fulmineError.js";
import type { Metrics } from "../loggers/logger.js";
import { momentumOf, setMomentum } from "../optim/paramGroup.js";
import type { Optimizer } from "../optim/optimizer.js";
import { requireScheduled, type PlainValue, type Scheduled, type ScheduleRule } from "./scheduleRule.js";

/** When a schedule steps, and the metric that it monitors. */
export interface ScheduleTiming {
  /** The unit of schedule steps: optimizer steps or epochs. @defaultValue "epoch" */
  readonly interval?: "step" | "epoch";
  /** The number of these units per schedule step. @defaultValue 1 */
  readonly frequency?: number;
  /** The name of the logged metric that the schedule monitors. @defaultValue none */
  readonly monitor?: string;
}

/** The length of a run in both units of schedules; `undefined` where it is not known. */
export interface RunLength {
  /** The number of optimizer steps. */
  readonly step: number | undefined;
  /** The number of epochs. */
  readonly epoch: number | undefined;
}

/** The state of a schedule as plain data that JSON preserves. */
export interface LrSchedulerState {
  /** The schedule's name. */
  readonly name: string;
  /** The number of schedule steps. */
  readonly step: number;
  /** For each parameter group: its rate, its momentum or `null`, its base rate, and the rule's state. */
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

/** Applies a schedule to the learning rates, and if the schedule says so the momenta, of an optimizer's parameter groups. */
export class LrScheduler {
  /** The unit of schedule steps. */
  readonly interval: "step" | "epoch";
  /** The number of these units per schedule step. */
  readonly frequency: number;
  /** The name of the monitored metric. */
  readonly monitor: string | undefined;
  #stepCount = 0;
  readonly #totalSteps: number | undefined;
  readonly #groups: GroupState[];

  /**
   * Sets the rates of step 0.
   *
   * @param length - The length of the run that the schedule is part of.
   * @throws FulmineError `INVALID_OPTION` if the schedule changes the momentum and the optimizer has none, if it must know
   * the length of the run and nobody does, or if it returns a rate that is not finite.
   */
  constructor(
    readonly optimizer: Optimizer,
    readonly rule: ScheduleRule,
    { interval = "epoch", frequency = 1, monitor }: ScheduleTiming = {},
    length: RunLength = { step: undefined, epoch: undefined },
  ) {
    this.interval = interval;
    this.frequency = frequency;
    this.monitor = monitor;
    const units = length[interval];
    this.#totalSteps = units === undefined ? undefined : Math.max(1, Math.floor(units / frequency));
    if (rule.cyclesMomentum === true) this.#requireMomentum();
    if (rule.needsTotalSteps === true) this.#requireTotalSteps();
    this.#groups = optimizer.paramGroups.map(({ lr }) => ({ base: lr, state: undefined }));
    const totalSteps = this.#totalSteps;
    this.#apply((lr, { base }) => rule.first?.({ lr, base, totalSteps }) ?? { lr });
  }

  /** The number of schedule steps of the whole run; `undefined` if it is not known. */
  get totalSteps(): number | undefined {
    return this.#totalSteps;
  }

  /**
   * Takes one schedule step.
   *
   * @param metric - The latest value of the monitored metric.
   * @throws FulmineError `INVALID_STATE` if the schedule needs a metric and there is none, `INVALID_OPTION` if it
   * returns a rate that is not finite.
   */
  step(metric?: number): void {
    const step = this.#stepCount + 1;
    const totalSteps = this.#totalSteps;
    this.#apply((lr, { base, state }) => this.rule.next({ lr, base, totalSteps, step, state, metric }));
    this.#stepCount = step;
  }

  /**
   * Takes one schedule step if it is due, with the monitored metric.
   *
   * @param ended - The unit that has just ended.
   * @param count - The number of completed units.
   * @throws FulmineError `INVALID_OPTION` if the monitored metric was not logged.
   */
  stepIfDue(ended: "step" | "epoch", count: number, metrics: Metrics): void {
    const { interval, frequency, monitor } = this;
    if (interval !== ended || count % frequency !== 0) return;
    const value = monitor === undefined ? undefined : metrics[monitor];
    if (monitor !== undefined && value === undefined) {
      throw new FulmineError("INVALID_OPTION", `A schedule monitors \`${monitor}\`, which was not logged.`, {
        received: Object.keys(metrics),
        todo:
          "Log it before the schedule steps, or monitor one of the received metrics. If validation logs it, set `frequency` " +
          "so that the schedule waits for the first validation.",
      });
    }
    this.step(value);
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
      if (momentum !== undefined) setMomentum(group, momentum);
      own.state = state;
    }
  }

  /** Captures the state. */
  snapshot(): LrSchedulerState {
    return {
      name: this.rule.name,
      step: this.#stepCount,
      groups: this.optimizer.paramGroups.map((group, index) => ({
        lr: group.lr,
        momentum: momentumOf(group) ?? null,
        base: this.#groups[index]?.base ?? group.lr,
        state: this.#groups[index]?.state ?? null,
      })),
    };
  }

  /** Restores a captured state, including the rates and momenta of the optimizer. */
  restore({ step, groups }: LrSchedulerState): void {
    this.#stepCount = step;
    for (const [index, group] of this.optimizer.paramGroups.entries()) {
      const saved = groups[index];
      if (saved === undefined) continue;
      group.lr = saved.lr;
      if (saved.momentum !== null) setMomentum(group, saved.momentum);
      this.#groups[index] = { base: saved.base, state: saved.state ?? undefined };
    }
  }

  /** Saves the state for a checkpoint. */
  stateDict(): LrSchedulerState {
    return this.snapshot();
  }

  /**
   * Loads a state from a checkpoint.
   *
   * @throws FulmineError `INVALID_STATE` if it is of another schedule or another number of parameter groups; nothing
   * changes then.
   */
  loadStateDict(state: LrSchedulerState): void {
    const [here, there] = [this.#groups.length, state.groups.length];
    const { name } = this.rule;
    if (state.name === name && here === there) {
      this.#requireValid(state);
      this.restore(state);
      return;
    }
    const saved = `of \`${state.name}\` with ${counted(there, "group")}`;
    throw new FulmineError(
      "INVALID_STATE",
      `The saved schedule state is ${saved}, and the schedule is \`${name}\` with ${here}.`,
      { todo: "Load it with the configureOptimizers that it was saved with." },
    );
  }

  #requireValid({ groups }: LrSchedulerState): void {
    const { name } = this.rule;
    for (const [index, { state, momentum }] of groups.entries()) {
      const group = this.optimizer.paramGroups[index];
      const hasMomentum = group !== undefined && momentumOf(group) !== undefined;
      const isValid = state === null || (this.rule.isState?.(state) ?? true);
      if (isValid && hasMomentum === (momentum !== null)) continue;
      throw new FulmineError("INVALID_STATE", `The saved state of \`${name}\` is not valid for it.`, {
        received: isValid ? momentum : state,
        todo: "Load it with the configureOptimizers that it was saved with.",
      });
    }
  }

  #requireTotalSteps(): void {
    if (this.#totalSteps !== undefined) return;
    throw new FulmineError(
      "INVALID_OPTION",
      `\`${this.rule.name}\` must know how many ${this.interval}s the run has, and the Trainer can't tell.`,
      {
        todo: "Pass `totalSteps` to the schedule, set `maxSteps`, or set `maxEpochs` with data whose length is known.",
      },
    );
  }

  #requireMomentum(): void {
    if (this.optimizer.paramGroups.every((group) => momentumOf(group) !== undefined)) return;
    throw new FulmineError(
      "INVALID_OPTION",
      `\`${this.rule.name}\` changes the momentum, and \`${this.optimizer.name}\` has none.`,
      {
        todo: "Pass { cycleMomentum: false } to the schedule, or use an optimizer with `momentum` or `betas`.",
      },
    );
  }
}
