import { checkOptions } from "../options/checkOptions.js";
import {
  finite,
  isObject,
  notNegative,
  optional,
  type Validator,
  type Validators,
} from "../options/validators.js";
import { byOutput, type ByOutput } from "./byOutput.js";
import { classTablesFor, classWeightChoice, type ClassWeights } from "./classWeights.js";
import { LOSS_TODO, lossesFor, type LossChoices } from "./lossesFor.js";
import { namesOf, requireLayersModel, type LayersModelLike } from "./layersModelLike.js";
import { LayersModule, type OutputScoring } from "./layersModule.js";
import { outputLabels, requireDistinctLogs } from "./loggedNames.js";
import { metricsFor, weightedMetricsFor, type MetricChoices } from "./metricsFor.js";
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
   * The factor of the loss of each output in the total loss: a list in the order of the outputs, or an object by their names.
   * The losses of the single outputs are logged without it. @defaultValue 1
   */
  readonly lossWeights?: ByOutput<number>;
  /**
   * The weight of each class in training, by its index, e.g. `{ 0: 1, 1: 2.5 }`; for several outputs, a list or an object with
   * those of each. The loss of an example is multiplied by the weight of its class, as in `model.fit`. @defaultValue 1
   */
  readonly classWeight?: ClassWeights;
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
  /** Metrics like `metrics`, but weighted by the `sampleWeight` of the batch, and in training by `classWeight`. @defaultValue none */
  readonly weightedMetrics?: MetricChoices;
  /** The learning rate, stored as `hparams.lr`. @defaultValue that of TensorFlow.js for a name, 0.001 for a function */
  readonly lr?: number;
}

/**
 * Creates a module from a model of `tf.layers`. Training updates the model's weights in place.
 *
 * The module logs what `model.fit` logs, under the same names: `loss` and e.g. `acc` in training, `val_loss` and `val_acc` in
 * validation, `test_loss` and `test_acc` in a test. With several outputs it also logs the loss of each.
 *
 * A batch may have a `sampleWeight`, one number per example, by which the losses are multiplied.
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
  const { loss, metrics = [], weightedMetrics = [], lossWeights = {} } = options;
  const optimizer = optimizerFor(options.optimizer ?? "adam");
  const outputs = namesOf(model.outputs);
  const losses = lossesFor(loss, outputs);
  const factors = byOutput("lossWeights", lossWeights, outputs);
  const labels = outputLabels(outputs);
  const tables = classTablesFor(options.classWeight, model.outputs);
  // Validation may run within a training epoch, so each has its own metrics.
  const scoring = (hasClassWeights: boolean): OutputScoring[] =>
    losses.map(({ output, choice, loss: lossFn }, at) => {
      const columns = model.outputs[at]?.shape.at(-1) ?? null;
      const prefix = losses.length > 1 ? `${labels[at] ?? output}_` : "";
      const kind = { output, outputs, columns, loss: choice };
      const named = [...metricsFor(metrics, kind), ...weightedMetricsFor(weightedMetrics, kind)];
      return {
        name: output,
        loss: lossFn,
        lossName: losses.length > 1 ? `${prefix}loss` : null,
        metrics: named.map((one) => ({ ...one, name: prefix + one.name })),
        lossWeight: factors[at] ?? 1,
        classes: hasClassWeights ? (tables[at] ?? null) : null,
        units:
          takesClassIndices(choice) || named.some((one) => one.takesClassIndices === true) ? columns : null,
      };
    });
  const train = scoring(true);
  requireDistinctLogs(
    train.map(({ lossName, metrics: logged }) => ({
      loss: lossName,
      metrics: logged.map(({ name }) => name),
    })),
  );
  const parts = {
    net: model,
    optimizer: optimizer.make,
    train,
    val: scoring(false),
    test: scoring(false),
  };
  return new LayersModule({ lr: options.lr ?? optimizer.lr }, parts);
}

const metricChoice: Validator = optional({
  expected: "a list of metrics, or an object of metrics by name",
  test: (value) => typeof value === "string" || typeof value === "function" || isObject(value),
  todo: 'Pass e.g. ["accuracy"] or { acc: "accuracy", f1: f1() }, or leave it out.',
});

const requirements: Validators = {
  loss: {
    expected: "the name of a loss, a function (yTrue, yPred) => Tensor, or one of these for each output",
    test: (value) => typeof value === "string" || typeof value === "function" || isObject(value),
    todo: LOSS_TODO,
  },
  lossWeights: optional({
    expected: "a list of numbers, or an object of numbers by output",
    test: (value) => isObject(value) && Object.values(value).every(finite.test),
    todo: "Pass one number for each output.",
  }),
  classWeight: optional(classWeightChoice),
  optimizer: optional(optimizerChoice),
  metrics: metricChoice,
  weightedMetrics: metricChoice,
  lr: optional(notNegative),
};
