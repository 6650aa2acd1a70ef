import type { ModelCheckpoint } from "../callbacks/modelCheckpoint/modelCheckpoint.js";
import type { BestCheckpoint } from "../checkpoint/bestCheckpoint.js";
import type { Callback } from "../module/callback.js";

/** The part of a `ModelCheckpoint` that tells what it has saved. */
type Saver = Pick<ModelCheckpoint, "bestCheckpoint" | "lastCheckpoint">;

/** The best checkpoints of a fit, one of each callback that has one. */
export function bestCheckpointsOf(callbacks: readonly Callback[]): readonly BestCheckpoint[] {
  return saversAmong(callbacks).flatMap(({ bestCheckpoint }) => bestCheckpoint ?? []);
}

/** The callbacks that tell what they saved. It imports no class, because most fits save nothing. */
export function saversAmong(callbacks: readonly Callback[]): readonly Saver[] {
  return callbacks.filter(
    (callback): callback is Callback & Saver => "bestCheckpoint" in callback && "lastCheckpoint" in callback,
  );
}
