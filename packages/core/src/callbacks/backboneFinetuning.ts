import type { Variable } from "@tensorflow/tfjs-core";
import type { Callback } from "../module/callback.js";
import type { Checkpoint } from "../checkpoint/checkpoint.js";
import { FulmineError } from "../errors/fulmineError.js";
import type { Module } from "../module/module.js";
import { findVariables } from "../module/moduleVariables.js";
import type { Optimizer } from "../optim/optimizer.js";
import type { ParamGroup } from "../optim/paramGroup.js";
import { readOptions, requireState } from "../options/checkOptions.js";
import {
  callable,
  nonNegativeInteger,
  flag,
  number,
  optional,
  orNull,
  positive,
} from "../options/validators.js";
import type { TrainerView } from "../module/trainerView.js";

/** The options of {@link BackboneFinetuning}. */
export interface BackboneFinetuningOptions {
  /** Returns the part to freeze: a layer, a model, a variable, or an object of them. @defaultValue the module's `backbone` */
  readonly backbone?: (module: Module) => unknown;
  /** First epoch, counted from 0, in which the backbone is trained. @defaultValue 10 */
  readonly unfreezeBackboneAtEpoch?: number;
  /** Initial learning rate of the backbone. @defaultValue determined by `backboneInitialRatioLr` */
  readonly backboneInitialLr?: number;
  /** Initial learning rate of the backbone as a fraction of the head's current rate. @defaultValue 0.1 */
  readonly backboneInitialRatioLr?: number;
  /** Factor by which the backbone's rate is multiplied before an epoch. @defaultValue `() => 2` */
  readonly lambdaFunc?: (epoch: number) => number;
  /** Whether the backbone's rate never exceeds the head's. @defaultValue true */
  readonly shouldAlign?: boolean;
}

/** The state in a checkpoint: the backbone's learning rate, `null` while it is frozen. */
export interface BackboneFinetuningState {
  readonly rate: number | null;
}

const defaults = {
  backbone: (module: Module): unknown => ("backbone" in module ? module.backbone : undefined),
  unfreezeBackboneAtEpoch: 10,
  backboneInitialRatioLr: 0.1,
  lambdaFunc: () => 2,
  shouldAlign: true,
};

const requirements = {
  backbone: callable(),
  unfreezeBackboneAtEpoch: nonNegativeInteger,
  backboneInitialLr: optional(positive),
  backboneInitialRatioLr: positive,
  lambdaFunc: callable(),
  shouldAlign: flag,
};

/** A parameter group of the backbone. */
interface BackboneGroup {
  readonly optimizer: Optimizer;
  readonly group: ParamGroup<object>;
  readonly params: readonly Variable[];
}

/**
 * Trains only the head of a module at first, and later also its backbone, at a smaller learning rate that grows.
 *
 * `configureOptimizers` must give the backbone a parameter group of its own. A frozen backbone has no gradients, no weight
 * decay and no optimizer state. After that, this callback sets its learning rate and overrides any schedule. The moving
 * means of batch normalization still change if the module applies the backbone with `training: true`.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`; when a fit begins `INVALID_MODULE` if there is no
 * backbone, if it has no group of its own, or if there is no other group.
 * @example
 * ```ts
 * // in the module
 * configureOptimizers() {
 *   const [head, backbone] = [this.head, this.backbone].map((part) => ({ params: findVariables(part).trainable }));
 *   return adam({ lr: 1e-3, groups: [head, backbone] });
 * }
 * // and
 * new Trainer({ callbacks: [new BackboneFinetuning({ unfreezeBackboneAtEpoch: 5 })] });
 * ```
 */
export class BackboneFinetuning implements Callback {
  readonly stateKey = "BackboneFinetuning";
  readonly #options: BackboneFinetuningOptions &
    Required<Omit<BackboneFinetuningOptions, "backboneInitialLr">>;
  #groups: readonly BackboneGroup[] = [];
  #rate: number | null = null;

  constructor(given: BackboneFinetuningOptions = {}) {
    this.#options = readOptions("BackboneFinetuning", given, defaults, requirements);
  }

  setup(): void {
    this.#groups = [];
    this.#rate = null;
  }

  /** Runs before the optimizers load their states, which contain the backbone only if it was being trained. */
  onLoadCheckpoint(trainer: TrainerView, module: Module, { callbacks }: Checkpoint): void {
    const saved = Object.hasOwn(callbacks, this.stateKey) ? callbacks[this.stateKey] : { rate: null };
    requireState("BackboneFinetuning", saved, { rate: orNull(number) });
    this.#groups = this.#findGroups(trainer, module);
    this.#rate = (saved as BackboneFinetuningState).rate;
    if (this.#rate === null) this.#freeze();
  }

  onFitStart(trainer: TrainerView, module: Module): void {
    if (this.#groups.length > 0) return;
    this.#groups = this.#findGroups(trainer, module);
    this.#freeze();
  }

  onTrainEpochStart(trainer: TrainerView): void {
    const { unfreezeBackboneAtEpoch, backboneInitialLr, backboneInitialRatioLr, lambdaFunc } = this.#options;
    const { currentEpoch } = trainer;
    if (currentEpoch < unfreezeBackboneAtEpoch) return;
    if (this.#rate !== null) this.#rate *= factorOf(lambdaFunc, currentEpoch + 1);
    else {
      this.#thaw();
      this.#rate = backboneInitialLr ?? this.#headRate() * backboneInitialRatioLr;
    }
    if (this.#options.shouldAlign) this.#rate = Math.min(this.#rate, this.#headRate());
    this.#applyRate();
  }

  onBeforeOptimizerStep(): void {
    // A schedule may have changed the backbone's rate.
    this.#applyRate();
  }

  teardown(): void {
    this.#thaw();
    this.#groups = [];
  }

  stateDict(): BackboneFinetuningState {
    return { rate: this.#rate };
  }

  #freeze(): void {
    for (const { group } of this.#groups) group.params = [];
  }

  #thaw(): void {
    for (const { group, params } of this.#groups) group.params = params;
  }

  #applyRate(): void {
    if (this.#rate === null) return;
    for (const { group } of this.#groups) group.lr = this.#rate;
  }

  /** The learning rate of the first other group. */
  #headRate(): number {
    const own = new Set(this.#groups.map(({ group }) => group));
    const beside = this.#groups
      .flatMap(({ optimizer }) => optimizer.paramGroups)
      .find((group) => !own.has(group));
    return beside?.lr ?? 0;
  }

  #findGroups({ optimizers }: TrainerView, module: Module): readonly BackboneGroup[] {
    const backbone = new Set(findVariables({ backbone: this.#options.backbone(module) }).trainable);
    if (backbone.size === 0) {
      throw invalid(
        "`BackboneFinetuning` finds nothing to train in the backbone.",
        "Give its `backbone` option.",
      );
    }
    const found = optimizers.flatMap((optimizer) =>
      optimizer.paramGroups.flatMap((group) => {
        const params = group.params ?? [];
        return params.some((param) => backbone.has(param)) ? [{ optimizer, group, params }] : [];
      }),
    );
    const isMixed = found.some(({ params }) => !params.every((param) => backbone.has(param)));
    const hasHead = found.every(({ optimizer }) => optimizer.params.some((param) => !backbone.has(param)));
    if (found.length > 0 && !isMixed && hasHead) return found;
    const todo =
      "Give head and backbone groups in one optimizer, e.g. adam({ lr, groups: [{ params: head }, { params: backbone }] }).";
    throw invalid("`BackboneFinetuning` needs the backbone in a group of its own, beside another.", todo);
  }
}

function factorOf(lambdaFunc: (epoch: number) => unknown, epoch: number): number {
  const given = lambdaFunc(epoch);
  if (positive.test(given)) return Number(given);
  throw new FulmineError(
    "INVALID_OPTION",
    `\`lambdaFunc\` of \`BackboneFinetuning\` must return ${positive.expected}.`,
    {
      received: given,
      todo: `It was asked for the factor before epoch ${epoch - 1}.`,
    },
  );
}

function invalid(problem: string, todo: string): FulmineError {
  return new FulmineError("INVALID_MODULE", problem, { todo });
}
