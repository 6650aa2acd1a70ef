import type { StepOutput } from "@fulmine/core";
import type { ProgramBatch } from "./programData.js";

/** A way to write a step as a method. */
type Signature = (
  run: (batch: ProgramBatch, batchIdx: number) => StepOutput | Promise<StepOutput>,
) => (batch: ProgramBatch, batchIdx: number) => StepOutput | Promise<StepOutput>;

/** The ways to write the parameters of a step; they affect its `length`. */
const signatures = {
  both: (run) => (batch, batchIdx) => run(batch, batchIdx),
  batch: (run) => (batch) => run(batch, 0),
  rest:
    (run) =>
    (...given) =>
      run(...given),
  default:
    (run) =>
    // eslint-disable-next-line @typescript-eslint/no-useless-default-assignment -- a default shortens `length`
    (batch, batchIdx = 0) =>
      run(batch, batchIdx),
  arguments: (run) =>
    function () {
      // eslint-disable-next-line prefer-rest-params -- the test is about `arguments`
      const [batch, batchIdx] = arguments as unknown as [ProgramBatch, number];
      return run(batch, batchIdx);
    },
} satisfies Record<string, Signature>;

export type SignatureName = keyof typeof signatures;
export const signatureNames = Object.keys(signatures) as SignatureName[];

/** Writes a step in one of the ways. */
export function withSignature(name: SignatureName, run: Parameters<Signature>[0]): ReturnType<Signature> {
  const signature: Signature = signatures[name];
  return signature(run);
}
