import { statSync } from "node:fs";
import { resolve } from "node:path";
import { onEndSignal } from "@fulmine/core/node";
import { startWatchServer } from "../../watch/watchServer.js";
import { command, UsageError } from "../command.js";

/** One above TensorBoard's. */
const DEFAULT_PORT = "6007";

/** `fulmine watch`: serves a page with the curves of runs, live while they train. */
export const watch = command({
  name: "watch",
  summary: "Show the curves and the learning-rate searches of runs in the browser, live while they train",
  operand: { name: "DIR", meaning: "a folder in which a CsvLogger or a JsonLinesLogger writes runs" },
  flags: {
    port: {
      type: "string",
      value: "NUMBER",
      meaning: `the port on this machine (default ${DEFAULT_PORT}); 0 takes any free one`,
    },
  },
  examples: [["fulmine watch runs", "serve a page with all runs in the folder runs, until Ctrl-C"]],
  async run({ port = DEFAULT_PORT }, folder) {
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
      throw new UsageError(`--port needs an integer from 0 to 65535. Received: ${port}.`);
    const path = resolve(folder);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) {
      throw new UsageError(
        `There is no folder ${folder}. Give the \`dir\` of the loggers; they make it when a run begins.`,
      );
    }
    if (!found.isDirectory()) throw new UsageError(`${folder} is a file. Give the folder that it is in.`);
    let stopListening = (): void => undefined;
    const ended = new Promise<void>((resolve) => (stopListening = onEndSignal(() => resolve())));
    try {
      const server = await startWatchServer(path, Number(port));
      console.log(`Runs in ${folder}: ${server.address}`);
      console.log("Ctrl-C ends this.");
      await ended;
      await server.close();
    } finally {
      stopListening();
    }
    // Ctrl-C is how it is meant to end; another signal has set its own status.
    return typeof process.exitCode === "number" ? process.exitCode : 0;
  },
});
