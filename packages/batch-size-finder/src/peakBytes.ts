import { engine } from "@tensorflow/tfjs-core";

/** The engine's counters; `numBytes` is the memory of all tensors. */
type Counters = ReturnType<typeof engine>["state"];

/** The running measurements. */
const measured = new Set<{ peak: number }>();

/**
 * Measures the largest memory of all tensors while a function runs, in bytes.
 *
 * It watches the counter of `tf.memory()`. `tf.profile` can't be used: it hides the error of a kernel, such as running out of
 * memory, and leaves an unhandled rejection.
 *
 * @throws Whatever the function throws.
 */
export async function peakBytes(body: () => Promise<unknown>): Promise<number> {
  const { state } = engine();
  const own = { peak: state.numBytes };
  if (measured.size === 0) watch(state);
  measured.add(own);
  try {
    await body();
    return own.peak;
  } finally {
    measured.delete(own);
    if (measured.size === 0) define(state, { value: state.numBytes, writable: true });
  }
}

function watch(state: Counters): void {
  let bytes = state.numBytes;
  define(state, {
    get: () => bytes,
    set: (value: number) => {
      bytes = value;
      for (const own of measured) own.peak = Math.max(own.peak, value);
    },
  });
}

function define(state: Counters, property: PropertyDescriptor): void {
  Object.defineProperty(state, "numBytes", { enumerable: true, configurable: true, ...property });
}
