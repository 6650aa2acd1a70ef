import { layersLosses } from "./layersLosses.js";

/** The full name of a loss, as in `model.compile`. */
export type FullLossName = keyof typeof layersLosses;

/** The short names of losses: those of TensorFlow.js, and of Keras. */
const shortNames = {
  mse: "meanSquaredError",
  MSE: "meanSquaredError",
  mae: "meanAbsoluteError",
  MAE: "meanAbsoluteError",
  mape: "meanAbsolutePercentageError",
  MAPE: "meanAbsolutePercentageError",
  msle: "meanSquaredLogarithmicError",
  MSLE: "meanSquaredLogarithmicError",
  bce: "binaryCrossentropy",
  BCE: "binaryCrossentropy",
  kld: "kullbackLeiblerDivergence",
  KLD: "kullbackLeiblerDivergence",
  cosine: "cosineProximity",
} as const satisfies Readonly<Record<string, FullLossName>>;

/** The name of a loss: those of `model.compile`, and Keras's short names, such as `"mse"`. */
export type LayersLossName = FullLossName | keyof typeof shortNames;

/** All names of losses. */
export const lossNames: readonly string[] = [...Object.keys(layersLosses), ...Object.keys(shortNames)];

/** Tells whether a value is the name of a loss. */
export function isLossName(value: unknown): value is LayersLossName {
  return typeof value === "string" && lossNames.includes(value);
}

/** Returns the full name of a loss. */
export function fullLossName(name: LayersLossName): FullLossName {
  return name in shortNames ? shortNames[name as keyof typeof shortNames] : (name as FullLossName);
}
