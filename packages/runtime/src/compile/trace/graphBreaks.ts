import * as tfjsCore from "@tensorflow/tfjs-core";

/** The graph-break reason of a step that reads the value of a computed tensor. */
export const READS = "it reads the value of a tensor that it computes";

/** The names of the kernels that tfjs-core knows. */
const kernels = new Set<unknown>(Object.values(tfjsCore).filter((value) => typeof value === "string"));

/** Kernels whose output shapes depend on the values of their inputs. */
const DYNAMIC =
  /^(Unique|Where|NonMaxSuppressionV\d|Sparse(FillEmptyRows|Reshape|SegmentMean|SegmentSum)|Ragged\w+|String\w+)$/;

/** Gets the reason why a graph can't contain a kernel; `null` when there is none. */
export function kernelBreak(name: string): string | null {
  if (!kernels.has(name)) return `it uses the kernel ${name}, which is not one of TensorFlow.js's own`;
  return DYNAMIC.test(name) ? `it uses ${name}, which gives a shape that depends on values` : null;
}

/** The scopes of tfjs's own operations with a custom gradient; such a gradient depends only on the trace. */
const OWN_GRADIENTS = new Set(
  [
    "fusedMatMul",
    "fusedConv2d",
    "fusedDepthwiseConv2d",
    "softmaxCrossEntropy",
    "logSigmoid",
    "logSoftmax",
  ].map((operation) => `${operation}__op`),
);

/** Whether a custom gradient in this scope is the user's, so that its backward pass can run any JavaScript. */
export function isForeignGradient(scope: string): boolean {
  return !OWN_GRADIENTS.has(scope);
}

const ADVICE: readonly (readonly [reason: RegExp, advice: string])[] = [
  [/reads the value/, "Read it in a hook such as onTrainBatchEnd, or log it with `this.log`."],
  [/tf\.customGrad/, "If possible, write it with operations that have a gradient."],
  [/makes a variable|disposes a variable/, "Make variables in the constructor."],
  [/tf\.memory|tf\.profile|tf\.time/, "Call it in a hook."],
];

/** Gives advice about a graph-break reason, as a full sentence. */
export function adviceFor(reason: string): string {
  return (
    ADVICE.find(([pattern]) => pattern.test(reason))?.[1] ??
    "The step runs eagerly, which is slower; `compile: false` turns this message off."
  );
}
