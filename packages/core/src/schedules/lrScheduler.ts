import type { Optimizer } from "../optim/optimizer.js";
import type { ScheduleRule } from "./scheduleRule.js";

/** Where a schedule stands, as plain data. */
export interface LrSchedulerSnapshot {
  readonly step: number;
  readonly lrs: readonly number[];
}

/** Moves the learning rate of an optimizer's groups along a schedule. */
export class LrScheduler {
  #step = 0;
  readonly #bases: readonly number[];

  constructor(
    readonly optimizer: Optimizer,
    readonly rule: ScheduleRule,
    /** Whether the schedule moves after each optimizer step or after each epoch. */
    readonly interval: "step" | "epoch",
  ) {
    this.#bases = optimizer.paramGroups.map((group) => group.lr);
    for (const group of optimizer.paramGroups) group.lr = rule.first?.(group.lr) ?? group.lr;
  }

  /** Moves on by one. */
  move(): void {
    this.#step += 1;
    for (const [index, group] of this.optimizer.paramGroups.entries()) {
      group.lr = this.rule.next({ lr: group.lr, base: this.#bases[index] ?? group.lr, step: this.#step });
    }
  }

  /** Where the schedule stands now. */
  snapshot(): LrSchedulerSnapshot {
    return { step: this.#step, lrs: this.optimizer.paramGroups.map((group) => group.lr) };
  }

  /** Goes back to where a snapshot was taken. */
  restore({ step, lrs }: LrSchedulerSnapshot): void {
    this.#step = step;
    for (const [index, group] of this.optimizer.paramGroups.entries()) group.lr = lrs[index] ?? group.lr;
  }
}
