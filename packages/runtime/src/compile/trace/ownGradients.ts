/** The scopes of tfjs's own operations that bring a gradient of their own, which is a function of the trace. */
const SCOPES = new Set(
  [
    "fusedMatMul",
    "fusedConv2d",
    "fusedDepthwiseConv2d",
    "softmaxCrossEntropy",
    "logSigmoid",
    "logSoftmax",
  ].map((operation) => `${operation}__op`),
);

/** Whether a `tf.customGrad` in this scope is a user's own, so that its backward pass may do anything. */
export function isForeignGradient(scope: string): boolean {
  return !SCOPES.has(scope);
}
