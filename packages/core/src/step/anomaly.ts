import {
  all,
  engine,
  isFinite as isFiniteTensor,
  tidy,
  type Tensor,
  type Variable,
} from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { isTensor } from "../tensors/isTensor.js";

/** The functions of `detectAnomaly`; loaded only when that option is set. */
export interface AnomalyDetection {
  readonly watchOperations: typeof watchOperations;
  readonly checkVariables: typeof checkVariables;
}

/**
 * Runs a synchronous function and checks the result of every kernel in it.
 *
 * @throws FulmineError `ANOMALY` naming the first operation that gives a non-finite result for finite inputs.
 */
export function watchOperations<T>(run: () => T): T {
  const tf = engine();
  const former = Object.getOwnPropertyDescriptor(tf, "runKernel");
  const original = tf.runKernel.bind(tf);
  let isLooking = false;
  tf.runKernel = ((name: string, inputs: object, attributes?: object) => {
    const output: unknown = original(name, inputs as never, attributes as never);
    if (isLooking) return output;
    isLooking = true;
    try {
      const results = (Array.isArray(output) ? output : [output]).filter(isTensor);
      const given = Object.values(inputs).flat().filter(isTensor);
      if (!results.every(isFiniteValued) && given.every(isFiniteValued)) throw anomalyOf(name, given);
    } finally {
      isLooking = false;
    }
    return output;
  }) as typeof tf.runKernel;
  try {
    return run();
  } finally {
    if (former === undefined) Reflect.deleteProperty(tf, "runKernel");
    else Object.defineProperty(tf, "runKernel", former);
  }
}

/**
 * Checks that the variables are finite after an optimizer step.
 *
 * @throws FulmineError `ANOMALY` naming the first variable that is not finite.
 */
export function checkVariables(variables: readonly Variable[]): void {
  const broken = variables.find((variable) => !isFiniteValued(variable));
  if (broken === undefined) return;
  throw new FulmineError(
    "ANOMALY",
    `The variable "${broken.name}" is not finite after the optimizer's step.`,
    {
      todo: "Lower the learning rate, or clip gradients by `gradientClipVal`.",
    },
  );
}

function isFiniteValued(tensor: Tensor): boolean {
  if (tensor.dtype !== "float32") return true;
  return tidy(() => all(isFiniteTensor(tensor)).dataSync()[0] === 1);
}

function anomalyOf(name: string, given: readonly Tensor[]): FulmineError {
  const shapes = given.map(({ shape }) => `[${(shape as number[]).join(", ")}]`).join(" and ");
  return new FulmineError(
    "ANOMALY",
    `The operation ${name} gave a value that is not finite, from finite inputs of shape ${shapes}.`,
    {
      todo: "Look where the step or its gradient uses it: a division, a logarithm or an exponential near its edge.",
    },
  );
}
