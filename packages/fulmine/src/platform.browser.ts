import { portablePlatform, type Platform } from "@fulmine/core";
import type { SetupPrinter } from "./node/setupPrinter.js";

/** In a browser a Trainer prints plain lines, and the page stops it by a signal. */
export const platform: Platform = portablePlatform;

/** In a browser there is nothing to install. */
export function setupProgress(): SetupPrinter {
  return { update: () => undefined, end: () => undefined };
}
