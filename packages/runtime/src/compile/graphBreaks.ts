/** Graph-break reasons, each with its advice. */
const ADVICE: readonly (readonly [reason: RegExp, advice: string])[] = [
  [/reads the value/, "Read it in a hook such as onTrainBatchEnd, or log it with `this.log`."],
  [/tf\.customGrad/, "Write it with operations that have a gradient, where that is possible."],
  [/makes a variable|disposes a variable/, "Make variables in the constructor."],
  [/tf\.memory|tf\.profile|tf\.time/, "Call it in a hook."],
];

/** Gives advice about a graph break, as a full sentence. */
export function adviceFor(reason: string): string {
  return (
    ADVICE.find(([pattern]) => pattern.test(reason))?.[1] ??
    "It trains all the same, only slower; `compile: false` ends this note."
  );
}
