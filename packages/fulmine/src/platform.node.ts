import type { Platform } from "@fulmine/core";
import { nodeFiles } from "@fulmine/core/node";
import { onInterrupt } from "./node/onInterrupt.js";
import { setupPrinter, type SetupPrinter } from "./node/setupPrinter.js";
import { terminalDisplay } from "./node/terminalDisplay.js";

/** In Node a Trainer draws live progress in a terminal and stops gracefully at Ctrl-C. */
export const platform: Platform = { display: terminalDisplay(process.stdout), files: nodeFiles, onInterrupt };

/** In Node the native backend can be installed, and its progress is drawn. */
export function setupProgress(): SetupPrinter {
  return setupPrinter(process.stdout);
}
