/** The scopes of tfjs's own operations with a custom gradient; such a gradient depends only on the trace. */
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

/** Whether a custom gradient in this scope is the user's, so that its backward pass can run any JavaScript. */
export function isForeignGradient(scope: string): boolean {
  return !SCOPES.has(scope);
}
