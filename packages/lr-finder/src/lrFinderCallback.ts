import { findLrField, type Callback, type Module, type Optimizer, type Trainer } from "@fulmine/core";
import { applySuggestion } from "./applySuggestion.js";
import { checkNames, demand } from "./checkNames.js";
import { chooseOptimizer } from "./chooseOptimizer.js";
import { DEV_RUN_NOTE, findLrInFit } from "./findLrInFit.js";
import type { FindLrOptions } from "./findLrOptions.js";
import type { LrFinder } from "./lrFinder.js";
import { findLrNames, resolveFindLrOptions } from "./resolveFindLrOptions.js";

/** The settings of {@link LrFinderCallback}; beside its own, those of a search. */
export interface LrFinderCallbackOptions extends FindLrOptions {
  /** The epochs before which the rate is searched for, counted from 0. */
  readonly milestones: readonly number[];
  /** The path of the hyperparameter that the rate is written to. @defaultValue `"lr"`, else `"learningRate"` */
  readonly field?: string;
}

/**
 * Searches the learning rate again at the start of given epochs, from where training stands, and goes on with what it
 * finds: in the optimizer, its groups in their proportions, in the hyperparameters, and in every logger.
 *
 * A schedule goes on in proportion to the new rate; one that has rates of its own, such as `oneCycleLr`, overrules it. Where
 * nothing is found, the rate stays. Needs no plug-in in the Trainer.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`; at the start of a fit `INVALID_FIELD`.
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
    const { milestones, field, ...options } = checkNames("LrFinderCallback", given, allowed);
    demand("LrFinderCallback", "milestones", () => areEpochs(milestones), MILESTONES, milestones);
    const isPath = field === undefined || (typeof (field as unknown) === "string" && field !== "");
    demand("LrFinderCallback", "field", isPath, "must be the path of a hyperparameter", field);
    resolveFindLrOptions(options);
    this.#milestones = new Set(milestones);
    this.#path = field;
    this.#options = options;
  }

  /** The searches of the present fit, or of the last one, by epoch. */
  get finders(): ReadonlyMap<number, LrFinder> {
    return this.#finders;
  }

  onFitStart({ optimizers }: Trainer, module: Module): void {
    this.#finders = new Map();
    // What can fail is tried now and not epochs later.
    findLrField(module.hparams, this.#path);
    chooseOptimizer(optimizers, this.#options.optimizer);
  }

  async onTrainEpochStart(trainer: Trainer, module: Module): Promise<void> {
    const { currentEpoch, display, loggers, options } = trainer;
    if (!this.#milestones.has(currentEpoch)) return;
    if ((options.fastDevRun ?? false) !== false) {
      display.info(DEV_RUN_NOTE);
      return;
    }
    const finder = await findLrInFit(trainer, module, undefined, this.#options);
    if (finder === null) return;
    this.#finders.set(currentEpoch, finder);
    const [name, warn] = [`lr_find/epoch_${currentEpoch}`, (text: string) => display.warn(text)];
    await finder.log(loggers, { name, step: trainer.globalStep, warn });
    const lr = applySuggestion(trainer, finder, module.hparams, findLrField(module.hparams, this.#path));
    if (lr === null) return;
    setRate(trainer, chooseOptimizer(trainer.optimizers, this.#options.optimizer), lr);
    for (const logger of loggers) await logger.logHyperparams({ ...module.hparams });
  }
}

const allowed: readonly string[] = ["milestones", "field", ...findLrNames];

const MILESTONES = "must be a list of epochs, at least one, as whole numbers from 0 on";

function areEpochs(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    Array.from(value).every((epoch) => Number.isSafeInteger(epoch) && Number(epoch) >= 0)
  );
}

/** Sets an optimizer's rate, and lets its schedules go on from there as if they had begun in proportion to it. */
function setRate({ lrSchedulers }: Trainer, optimizer: Optimizer, lr: number): void {
  const factor = lr / optimizer.lr;
  for (const scheduler of lrSchedulers) {
    if (scheduler.optimizer !== optimizer || !Number.isFinite(factor)) continue;
    const state = scheduler.snapshot();
    const groups = state.groups.map((group) => ({ ...group, base: group.base * factor }));
    scheduler.restore({ ...state, groups });
  }
  optimizer.lr = lr;
}
