import { checkOptions } from "../options/checkOptions.js";
import { isObject, notNegative, optional, type Validators } from "../options/validators.js";
import { layersLosses } from "./layersLosses.js";
import { namesOf, requireLayersModel, type LayersModelLike } from "./layersModelLike.js";
import { LayersModule, type OutputScoring } from "./layersModule.js";
import { lossesFor, type LossChoices } from "./lossesFor.js";
import { metricsFor, type MetricChoices } from "./metricsFor.js";
import { takesClassNumbers } from "./requireTargets.js";
import { OPTIMIZER_TODO, optimizerFor, type OptimizerMaker, type OptimizerName } from "./optimizerFor.js";

/** What `model.compile` would be told. */
export interface FromLayersOptions {
  /** The loss: by tfjs's name or a function of targets and predictions; with several outputs, a list or by their names. */
  readonly loss: LossChoices;
  /** The optimizer: by name with tfjs's defaults, or a function that makes one, such as `adam` itself. @defaultValue "adam" */
  readonly optimizer?: OptimizerName | OptimizerMaker;
  /**
   * What else is logged: tfjs's names or functions in a list, these and objects such as `f1()` by a name of yours, or, as in
   * tfjs, lists by output. @defaultValue none
   */
  readonly metrics?: MetricChoices;
  /** The learning rate, kept as `hparams.lr`. @defaultValue that of tfjs for the optimizer's name, 0.001 for a function */
  readonly lr?: number;
}

/**
 * Makes a module of any model of `tf.layers`, which is trained in place.
 *
 * It logs what `model.fit` does, under the same names: `loss` and `acc` while training, `val_loss` and `val_acc` on
 * held-out data; with several outputs also the loss of each.
 *
 * @param model - A Sequential or a model of any inputs and outputs. It need not be compiled, and is not.
 * @throws {@link FulmineError} `INVALID_MODULE`, `UNKNOWN_OPTION` or `INVALID_OPTION`, naming the option.
 * @example
 * ```ts
 * const model = fromLayers(net, { optimizer: "adam", loss: "categoricalCrossentropy", metrics: ["accuracy"] });
 * await new Trainer({ maxEpochs: 5, autoLrFind: true }).fit(model, { train, val });
 * net.predict(xs);
 * ```
 */
export function fromLayers<M extends LayersModelLike>(model: M, options: FromLayersOptions): LayersModule<M> {
  requireLayersModel(model);
  checkOptions(options, requirements, "fromLayers");
  const { loss, metrics = [] } = options;
  const optimizer = optimizerFor(options.optimizer ?? "adam");
  const outputs = namesOf(model.outputs);
  const losses = lossesFor(loss, outputs);
  // Training goes on while held-out data is scored, so each has metrics of its own.
  const scoring = (): OutputScoring[] =>
    losses.map(({ output, choice, loss: lossFn }, at) => {
      const columns = model.outputs[at]?.shape.at(-1) ?? null;
      const prefix = losses.length > 1 ? `${output}_` : "";
      const named = metricsFor(metrics, { output, outputs, columns, loss: choice });
      return {
        name: output,
        loss: lossFn,
        metrics: named.map(({ name, metric }) => ({ name: prefix + name, metric })),
        units:
          takesClassNumbers(choice) || named.some((one) => one.takesClassNumbers === true) ? columns : null,
      };
    });
  const parts = { net: model, optimizer: optimizer.make, train: scoring(), val: scoring() };
  return new LayersModule({ lr: options.lr ?? optimizer.lr }, parts);
}

const requirements: Validators = {
  loss: {
    expected: "a loss's name, a function (yTrue, yPred) => Tensor, or these by output",
    test: (value) => typeof value === "string" || typeof value === "function" || isObject(value),
    todo: `The names are: ${Object.keys(layersLosses).join(", ")}.`,
  },
  optimizer: optional({
    expected: "an optimizer's name or a function that makes one",
    test: (value) => typeof value === "string" || typeof value === "function",
    todo: OPTIMIZER_TODO,
  }),
  metrics: optional({
    expected: "a list of metrics, or metrics by name",
    test: (value) => typeof value === "string" || typeof value === "function" || isObject(value),
    todo: 'Pass e.g. ["accuracy"] or { acc: "accuracy", f1: f1() }, or leave it out.',
  }),
  lr: optional(notNegative),
};
