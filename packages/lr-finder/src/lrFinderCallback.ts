import type { Callback, Module, Optimizer, TrainerView } from "@fulmine/core";
import { findLrField, unlessAborted } from "@fulmine/core/plugin";
import { checkOption, checkOptionNames } from "@fulmine/figure/plugin";
import type { LrFinder } from "./lrFinder.js";
import { readSearch, type AutoLrFindOptions } from "./options/autoLrFindOptions.js";
import type { FindLrOptions } from "./options/findLrOptions.js";
import { findLrNames } from "./options/resolveFindLrOptions.js";
import { applySuggestion, DEV_RUN_NOTE, warnIfAborted } from "./applySuggestion.js";
import { findLr } from "./findLr.js";
import { chooseOptimizer } from "./sweep/sweep.js";

/** The options of {@link LrFinderCallback}: its own and those of a search. */
export interface LrFinderCallbackOptions extends AutoLrFindOptions {
  /** The epochs, from 0, at whose start the callback searches. */
  readonly milestones: readonly number[];
}

/**
 * Searches the learning rate at the start of given epochs, from the current state of training, and continues with the found
 * rate: it sets the optimizer and the hyperparameter, keeps the ratios of parameter groups, and logs the hyperparameters.
 *
 * Schedules continue in proportion to the new rate; one that is rising, e.g. in a warm-up, rises to it. A schedule with absolute
 * rates, such as `oneCycleLr({ maxLr })`, overrides it. If no rate is found, the rate stays. The Trainer needs no mixin for it.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION` in the constructor, `INVALID_FIELD` at the start of a fit.
 * @example
 * ```ts
 * const search = new LrFinderCallback({ milestones: [0, 10], refine: true });
 * await new Trainer({ maxEpochs: 20, callbacks: [search] }).fit(model, { train });
 * search.finders.get(10)?.suggestion();
 * ```
 */
export class LrFinderCallback implements Callback {
  readonly #milestones: ReadonlySet<number>;
  readonly #path: string | undefined;
  readonly #options: FindLrOptions;
  #finders = new Map<number, LrFinder>();

  constructor(given: LrFinderCallbackOptions) {
    const { milestones, ...rest } = checkOptionNames("LrFinderCallback", given, allowed);
    checkOption("LrFinderCallback", "milestones", () => areEpochs(milestones), MILESTONES, milestones);
    const { field, options } = readSearch("LrFinderCallback", rest);
    this.#milestones = new Set(milestones);
    this.#path = field;
    this.#options = options;
  }

  /** The searches of the current or the last fit by epoch. */
  get finders(): ReadonlyMap<number, LrFinder> {
    return this.#finders;
  }

  onFitStart({ optimizers }: TrainerView, module: Module): void {
    this.#finders = new Map();
    // Fail now, not some epochs later.
    findLrField(module.hparams, this.#path);
    chooseOptimizer(optimizers, this.#options.optimizer);
  }

  async onTrainEpochStart(trainer: TrainerView, module: Module): Promise<void> {
    const { currentEpoch, display, isDevRun, loggers } = trainer;
    if (!this.#milestones.has(currentEpoch)) return;
    if (isDevRun) {
      display.info(DEV_RUN_NOTE);
      return;
    }
    const finder = await unlessAborted(findLr(trainer, module, undefined, this.#options));
    if (finder === null) {
      warnIfAborted(trainer, this.#options, module.hparams, findLrField(module.hparams, this.#path));
      return;
    }
    this.#finders.set(currentEpoch, finder);
    const [name, warn] = [`lr_find/epoch_${currentEpoch}`, (text: string) => display.warn(text)];
    await finder.log(loggers, { name, step: trainer.globalStep, warn });
    const lr = applySuggestion(trainer, finder, module.hparams, findLrField(module.hparams, this.#path));
    if (lr === null) return;
    await setRate(trainer, chooseOptimizer(trainer.optimizers, this.#options.optimizer), lr);
    for (const logger of loggers) await logger.logHyperparams({ ...module.hparams });
  }
}

const allowed: readonly string[] = ["milestones", "field", ...findLrNames];

const MILESTONES = "must be a non-empty list of epochs, which are integers from 0";

function areEpochs(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    Array.from(value).every((epoch) => Number.isSafeInteger(epoch) && Number(epoch) >= 0)
  );
}

/**
 * Sets the rate of an optimizer, and scales the base rates of its schedules by the same factor. If a schedule is rising, e.g. in a
 * warm-up, it rises to that rate.
 */
async function setRate(
  { lrSchedulers, display }: TrainerView,
  optimizer: Optimizer,
  lr: number,
): Promise<void> {
  const { overridingSchedule, ratesAfter, topOfRise } = await import("./plannedRates.js");
  const own = lrSchedulers.filter((scheduler) => scheduler.optimizer === optimizer);
  const present = optimizer.lr;
  const top = Math.max(present, ...own.map(topOfRise));
  const factor = lr / top;
  const before = ratesAfter(optimizer, lrSchedulers);
  for (const scheduler of own) {
    if (!Number.isFinite(factor)) continue;
    const state = scheduler.snapshot();
    const groups = state.groups.map((group) => ({ ...group, base: group.base * factor }));
    scheduler.restore({ ...state, groups });
  }
  const overriding = overridingSchedule(before, ratesAfter(optimizer, lrSchedulers));
  optimizer.lr = top === present || overriding !== null ? lr : present * factor;
  if (overriding === null) return;
  display.warn(
    `The schedule ${overriding} has rates of its own: it overrides the found rate of ${optimizer.name} at its next step.`,
  );
}
