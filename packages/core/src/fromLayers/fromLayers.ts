import { checkOptions } from "../options/checkOptions.js";
import { isObject, notNegative, optional, type Validators } from "../options/validators.js";
import { LOSS_TODO, lossesFor, type LossChoices } from "./layersLosses.js";
import { namesOf, requireLayersModel, type LayersModelLike } from "./layersModelLike.js";
import { LayersModule, type OutputScoring } from "./layersModule.js";
import { metricsFor, type MetricChoices } from "./metricsFor.js";
import { takesClassIndices } from "./targets.js";
import { optimizerChoice, optimizerFor, type OptimizerMaker, type OptimizerName } from "./optimizerFor.js";

/** Options of {@link fromLayers}, much like those of `model.compile`. */
export interface FromLayersOptions {
  /**
   * The loss: a name as in `model.compile`, or a function of targets and predictions. For several outputs, a list in their order
   * or an object by their names gives each its own.
   */
  readonly loss: LossChoices;
  /**
   * The optimizer: a name, with the defaults of TensorFlow.js, or a function that creates one, such as `adam` itself.
   * @defaultValue "adam"
   */
  readonly optimizer?: OptimizerName | OptimizerMaker;
  /**
   * The metrics to log: a list of names or functions, or an object from your own names to names, functions and metrics such as
   * `f1()`. For several outputs, an object by their names gives each its own list. @defaultValue none
   */
  readonly metrics?: MetricChoices;
  /** The learning rate, stored as `hparams.lr`. @defaultValue that of TensorFlow.js for a name, 0.001 for a function */
  readonly lr?: number;
}

/**
 * Creates a module from a model of `tf.layers`. Training updates the model's weights in place.
 *
 * The module logs what `model.fit` logs, under the same names: `loss` and e.g. `acc` in training, `val_loss` and `val_acc` in
 * validation. With several outputs it also logs the loss of each.
 *
 * @param model - A Sequential or a functional model. It need not be compiled.
 * @throws FulmineError `INVALID_MODULE` if the model is invalid; `UNKNOWN_OPTION` or `INVALID_OPTION` if an option is.
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
  // Validation may run within a training epoch, so each has its own metrics.
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
          takesClassIndices(choice) || named.some((one) => one.takesClassIndices === true) ? columns : null,
      };
    });
  const parts = { net: model, optimizer: optimizer.make, train: scoring(), val: scoring() };
  return new LayersModule({ lr: options.lr ?? optimizer.lr }, parts);
}

const requirements: Validators = {
  loss: {
    expected: "the name of a loss, a function (yTrue, yPred) => Tensor, or one of these for each output",
    test: (value) => typeof value === "string" || typeof value === "function" || isObject(value),
    todo: LOSS_TODO,
  },
  optimizer: optional(optimizerChoice),
  metrics: optional({
    expected: "a list of metrics, or an object of metrics by name",
    test: (value) => typeof value === "string" || typeof value === "function" || isObject(value),
    todo: 'Pass e.g. ["accuracy"] or { acc: "accuracy", f1: f1() }, or leave it out.',
  }),
  lr: optional(notNegative),
};
