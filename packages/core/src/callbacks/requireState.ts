import { FulmineError } from "../errors/fulmineError.js";
import { isObject, type Requirements } from "../options/requirements.js";

/**
 * Checks the state that a checkpoint holds of a callback.
 *
 * @throws {@link FulmineError} `INVALID_CHECKPOINT`, naming the field.
 */
export function requireState(name: string, state: unknown, requirements: Requirements): void {
  for (const [key, { words, holds }] of Object.entries(requirements)) {
    const received: unknown =
      isObject(state) && Object.hasOwn(state, key) ? Reflect.get(state, key) : undefined;
    if (holds(received)) continue;
    throw new FulmineError("INVALID_CHECKPOINT", `\`${key}\` of the saved \`${name}\` must be ${words}.`, {
      received,
      todo: "Use another checkpoint: this one was changed.",
    });
  }
}
