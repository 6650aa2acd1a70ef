import get from "lodash/get.js";
import has from "lodash/has.js";
import set from "lodash/set.js";
import toPath from "lodash/toPath.js";
import { FulmineError } from "../errors/fulmineError.js";

/**
 * Finds the hyperparameter that contains the learning rate.
 *
 * @param hparams - The module's hyperparameters.
 * @param path - A path such as `"optim.lr"`. @defaultValue `"lr"` if it exists, else `"learningRate"`
 * @returns The path of a writable number.
 * @throws {@link FulmineError} `INVALID_FIELD` if there is no such field, or if it can't be written.
 */
export function findLrField(hparams: object, path?: string): string {
  const field = path ?? ["lr", "learningRate"].find((name) => has(hparams, name));
  if (field === undefined) {
    throw new FulmineError(
      "INVALID_FIELD",
      "`hparams` has neither `lr` nor `learningRate` for the learning rate.",
      {
        received: hparams,
        todo: 'Add one of them, or name the field, e.g. autoLrFind: "optim.lr".',
      },
    );
  }
  if (!has(hparams, field)) {
    throw new FulmineError(
      "INVALID_FIELD",
      `\`hparams.${field}\`, the field for the learning rate, does not exist.`,
      {
        received: hparams,
        todo: "Add the field to the module's hyperparameters, or name one that exists.",
      },
    );
  }
  requireWritable(hparams, field);
  return field;
}

/** Returns the hyperparameter at a path such as `"optim.lr"`. */
export function getHparam(hparams: object, path: string): unknown {
  return get(hparams, path);
}

/** Sets the hyperparameter at a path such as `"optim.lr"`. */
export function setHparam(hparams: object, path: string, value: unknown): void {
  set(hparams, path, value);
}

function requireWritable(hparams: object, path: string): void {
  const keys = path in hparams ? [path] : toPath(path);
  const parent: unknown = keys.length > 1 ? get(hparams, keys.slice(0, -1)) : hparams;
  const name = keys.at(-1) ?? path;
  const value: unknown = get(hparams, path);
  if (typeof value !== "number") {
    throw new FulmineError(
      "INVALID_FIELD",
      `\`hparams.${path}\` must be a number, because it is the field for the learning rate.`,
      {
        received: value,
        todo: "Set it to any number first, e.g. 1e-3.",
      },
    );
  }
  const property = Object.getOwnPropertyDescriptor(parent, name);
  if (property !== undefined && property.writable !== true && property.set === undefined) {
    throw new FulmineError(
      "INVALID_FIELD",
      `\`hparams.${path}\` can't be written: it is frozen or read-only.`,
      {
        todo: "Make it writable, because the found learning rate is stored there.",
      },
    );
  }
}
