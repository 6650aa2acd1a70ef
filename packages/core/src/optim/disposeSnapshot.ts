import { dispose } from "@tensorflow/tfjs-core";
import type { OptimizerSnapshot } from "./optimizer.js";

/** Frees a snapshot that is not restored. */
export function disposeSnapshot({ states, shared }: OptimizerSnapshot): void {
  dispose([states.map(({ slots }) => slots), shared]);
}
