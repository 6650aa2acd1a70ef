import get from "lodash/get.js";
import has from "lodash/has.js";
import set from "lodash/set.js";
import toPath from "lodash/toPath.js";
import { FulmineError } from "../errors/fulmineError.js";

/** The hyperparameter that a plug-in writes its result to. */
export interface HparamSearch {
  /** The path that the user gave; left out, the names are tried in order. */
  readonly path?: string | undefined;
  /** The usual names, e.g. `["lr", "learningRate"]`. */
  readonly names: readonly string[];
  /** The result, for messages, e.g. `"the learning rate"`. */
  readonly purpose: string;
  /** How the user names another field, for messages, e.g. `autoLrFind: "optim.lr"`. */
  readonly option: string;
}

/**
 * Finds the hyperparameter for a plug-in's result.
 *
 * @param hparams - The module's hyperparameters.
 * @returns The path of a writable field that holds a number.
 * @throws FulmineError `INVALID_FIELD` if there is no such field or it can't be written.
 */
export function findHparam(hparams: object, { path, names, purpose, option }: HparamSearch): string {
  const field = path ?? names.find((name) => has(hparams, name));
  if (field === undefined) {
    const all = names.map((name) => `\`${name}\``);
    const none = all.length === 1 ? `no ${all.join("")}` : `neither ${all.join(" nor ")}`;
    throw new FulmineError("INVALID_FIELD", `\`hparams\` has ${none} for ${purpose}.`, {
      received: hparams,
      todo: `Add ${all.length === 1 ? "it" : "one of them"}, or name the field, e.g. ${option}.`,
    });
  }
  if (!has(hparams, field)) {
    throw new FulmineError(
      "INVALID_FIELD",
      `\`hparams.${field}\`, the field for ${purpose}, does not exist.`,
      {
        received: hparams,
        todo: "Add the field to the module's hyperparameters, or name one that exists.",
      },
    );
  }
  requireWritable(hparams, field, purpose);
  return field;
}

/**
 * Finds the hyperparameter that contains the learning rate.
 *
 * @param path - A path such as `"optim.lr"`; left out, `lr` is tried and then `learningRate`.
 * @returns The path of a writable field.
 * @throws FulmineError `INVALID_FIELD` if there is no such field or it can't be written.
 */
export function findLrField(hparams: object, path?: string): string {
  return findHparam(hparams, {
    path,
    names: ["lr", "learningRate"],
    purpose: "the learning rate",
    option: 'autoLrFind: "optim.lr"',
  });
}

/** Returns the hyperparameter at a path such as `"optim.lr"`. */
export function getHparam(hparams: object, path: string): unknown {
  return get(hparams, path);
}

/** Sets the hyperparameter at a path such as `"optim.lr"`. */
export function setHparam(hparams: object, path: string, value: unknown): void {
  set(hparams, path, value);
}

function requireWritable(hparams: object, path: string, purpose: string): void {
  const keys = path in hparams ? [path] : toPath(path);
  const parent: unknown = keys.length > 1 ? get(hparams, keys.slice(0, -1)) : hparams;
  const name = keys.at(-1) ?? path;
  const value: unknown = get(hparams, path);
  if (typeof value !== "number") {
    throw new FulmineError(
      "INVALID_FIELD",
      `\`hparams.${path}\` must be a number, because it is the field for ${purpose}.`,
      {
        received: value,
        todo: "Set it to any number first.",
      },
    );
  }
  const property = Object.getOwnPropertyDescriptor(parent, name);
  if (property !== undefined && property.writable !== true && property.set === undefined) {
    throw new FulmineError(
      "INVALID_FIELD",
      `\`hparams.${path}\` can't be written: it is frozen or read-only.`,
      {
        todo: `Make it writable, because ${purpose} is stored there.`,
      },
    );
  }
}
