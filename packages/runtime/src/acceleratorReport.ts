/**
 * What a Trainer computes on. `native` is libtensorflow, `gpu` the same on an NVIDIA GPU, `webgpu` the browser's GPU,
 * `wasm` WebAssembly, `cpu` plain JavaScript; `auto` is the fastest of these that can be had.
 */
export type Accelerator = "auto" | "gpu" | "native" | "webgpu" | "wasm" | "cpu";

/** What was chosen to compute on. */
export interface AcceleratorReport {
  /** The accelerator in use; `null` when the app itself had chosen a backend that is none of them. */
  readonly accelerator: Exclude<Accelerator, "auto"> | null;
  /** The name of the tfjs backend, e.g. `tensorflow`. */
  readonly backend: string;
  /** The version of what computes: of TensorFlow for `native` and `gpu`, of tfjs otherwise. */
  readonly version: string;
  /** One line for people: what was chosen, and why nothing better. */
  readonly line: string;
}
