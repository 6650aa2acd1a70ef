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

/** What the kernel needs of its backend. */
interface Readable {
  readSync(dataId: object): ArrayLike<number>;
}

/**
 * Replaces the native kernel of `tf.multinomial` by one whose draws follow from the seed alone; calling it again changes
 * nothing.
 *
 * The stock kernel cuts tfjs's seed, a fraction, down to 0, which TensorFlow takes for no seed. A whole seed would not help:
 * TensorFlow keeps the kernel of each seed, and draws on where the last call ended. It refuses probabilities as well.
 */
export function seedMultinomial(): void {
  // Against its type, `getKernel` gives nothing where there is none.
  const stock = getKernel(NAME, BACKEND) as KernelConfig | undefined;
  if (stock === undefined || seeded.has(stock.kernelFunc)) return;
  const kernelFunc: KernelFunc = (params) => {
    // Step compilers know a kernel by the operations that it runs, and must see that this one is no function of its inputs.
    const seen = stock.kernelFunc({ ...params, attrs: { ...params.attrs, normalized: false } });
    dispose(seen as Tensor);
    return multinomial(params);
  };
  seeded.add(kernelFunc);
  unregisterKernel(NAME, BACKEND);
  registerKernel({ ...stock, kernelFunc });
}

const seeded = new WeakSet<KernelFunc>();

/** How many numbers a generator gives before those of neighbouring seeds have nothing in common any more. */
const WARM_UP = 8;

const multinomial: KernelFunc = ({ inputs, attrs, backend }) => {
  const { logits } = inputs as Readonly<Record<"logits", TensorInfo>>;
  const { numSamples, seed, normalized } = attrs as unknown as MultinomialAttrs;
  const [rows = 0, classes = 0] = logits.shape;
  const values = Array.from((backend as Readable).readSync(logits.dataId));
  const random = new RandomState(Number.isInteger(seed) ? seed : Math.floor(seed * 2 ** 32));
  for (let draw = 0; draw < WARM_UP; draw++) random.float();
  const samples = new Int32Array(rows * numSamples);
  for (let row = 0; row < rows; row++) {
    const own = values.slice(row * classes, (row + 1) * classes);
    const sums = runningSums(normalized ? own : softened(own));
    for (let at = row * numSamples; at < (row + 1) * numSamples; at++)
      samples[at] = firstAbove(sums, random.float() * (sums[classes - 1] ?? 0));
  }
  return tensor2d(samples, [rows, numSamples], "int32");
};

/** What logits stand for, but for a factor. */
function softened(logits: readonly number[]): number[] {
  const highest = logits.reduce((most, logit) => Math.max(most, logit), -Infinity);
  return logits.map((logit) => Math.exp(logit - highest));
}

function runningSums(shares: readonly number[]): Float64Array {
  let total = 0;
  return Float64Array.from(shares, (share) => (total += share));
}

/** The index of the first sum that is above a number. */
function firstAbove(sums: Float64Array, number: number): number {
  const found = sums.findIndex((sum) => sum > number);
  // With logits that are not finite no sum is above anything.
  return found === -1 ? sums.length - 1 : found;
}
