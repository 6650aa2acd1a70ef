import { RandomState } from "@fulmine/core";
import {
  dispose,
  getKernel,
  registerKernel,
  tensor2d,
  unregisterKernel,
  type KernelConfig,
  type KernelFunc,
  type MultinomialAttrs,
  type Tensor,
  type TensorInfo,
} from "@tensorflow/tfjs-core";

const NAME = "Multinomial";
const BACKEND = "tensorflow";

/** The backend method that the kernel uses. */
interface Readable {
  readSync(dataId: object): ArrayLike<number>;
}

/**
 * Replaces the native kernel of `tf.multinomial` with one whose samples depend only on the seed. Further calls have no
 * effect.
 *
 * The original kernel truncates tfjs's seed, a fraction, to 0, which means no seed to TensorFlow. An integer seed would not
 * help: TensorFlow caches one kernel per seed, which continues its random sequence at the next call. The original kernel
 * also rejects probabilities.
 */
export function seedMultinomial(): void {
  // Contrary to its type, `getKernel` returns `undefined` when there is no such kernel.
  const stock = getKernel(NAME, BACKEND) as KernelConfig | undefined;
  if (stock === undefined || seeded.has(stock.kernelFunc)) return;
  const kernelFunc: KernelFunc = (params) => {
    // Run the original kernel too: compiled steps identify kernels by their TensorFlow operations, and must find a stateful one.
    const unused = stock.kernelFunc({ ...params, attrs: { ...params.attrs, normalized: false } });
    dispose(unused as Tensor);
    return multinomial(params);
  };
  seeded.add(kernelFunc);
  unregisterKernel(NAME, BACKEND);
  registerKernel({ ...stock, kernelFunc });
}

const seeded = new WeakSet<KernelFunc>();

const multinomial: KernelFunc = ({ inputs, attrs, backend }) => {
  const { logits } = inputs as Readonly<Record<"logits", TensorInfo>>;
  const { numSamples, seed, normalized } = attrs as unknown as MultinomialAttrs;
  const [rows = 0, classes = 0] = logits.shape;
  const values = Array.from((backend as Readable).readSync(logits.dataId));
  const random = new RandomState(Number.isInteger(seed) ? seed : Math.floor(seed * 2 ** 32));
  const samples = new Int32Array(rows * numSamples);
  for (let row = 0; row < rows; row++) {
    const own = values.slice(row * classes, (row + 1) * classes);
    const sums = runningSums(normalized ? own : unnormalizedSoftmax(own));
    for (let at = row * numSamples; at < (row + 1) * numSamples; at++)
      samples[at] = firstAbove(sums, random.float() * (sums[classes - 1] ?? 0));
  }
  return tensor2d(samples, [rows, numSamples], "int32");
};

/** Computes the probabilities of logits, up to a common factor. */
function unnormalizedSoftmax(logits: readonly number[]): number[] {
  const highest = logits.reduce((most, logit) => Math.max(most, logit), -Infinity);
  return logits.map((logit) => Math.exp(logit - highest));
}

function runningSums(weights: readonly number[]): Float64Array {
  let total = 0;
  return Float64Array.from(weights, (weight) => (total += weight));
}

/** Finds the index of the first sum above a number. */
function firstAbove(sums: Float64Array, number: number): number {
  const found = sums.findIndex((sum) => sum > number);
  // With non-finite logits no sum is above the number.
  return found === -1 ? sums.length - 1 : found;
}
