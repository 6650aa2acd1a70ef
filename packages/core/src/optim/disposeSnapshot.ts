import type { OptimizerSnapshot } from "./optimizer.js";

/** Frees a snapshot that is not restored. */
export function disposeSnapshot({ states, shared }: OptimizerSnapshot): void {
  for (const named of [...states.map(({ slots }) => slots), shared])
    for (const slot of Object.values(named)) slot.dispose();
}
