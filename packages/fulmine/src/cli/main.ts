import { FulmineError } from "@fulmine/core";
import { interruptedStatus, UsageError, type CommandDescription } from "./command.js";
import { doctor } from "./commands/doctor.js";
import { findLr } from "./commands/findLr.js";
import { fit } from "./commands/fit.js";
import { newProject } from "./commands/newProject.js";
import { predict } from "./commands/predict.js";
import { setup } from "./commands/setup.js";
import { test } from "./commands/test.js";
import { watch } from "./commands/watch.js";
import { parseFlags } from "./flags.js";
import { commandHelp, packageVersion, programHelp } from "./help.js";

/** A command whose flags have been checked against its own specifications before `run` receives them. */
interface Entry extends CommandDescription {
  run(flags: Readonly<Record<string, string | boolean>>, operand: string): Promise<number>;
}

const COMMANDS: readonly Entry[] = [newProject, findLr, fit, test, predict, watch, setup, doctor];

/**
 * Runs the `fulmine` program.
 *
 * @param args - The arguments after the program's name.
 * @returns The exit status: 0 for success, 1 for a failure, 2 for an invalid command line, 3 when no learning rate was
 * found, 130 after Ctrl-C, 143 after SIGTERM and 129 after SIGHUP.
 */
export async function main(args: readonly string[]): Promise<number> {
  const [word, ...rest] = args;
  try {
    if (word === undefined || word === "--help" || word === "-h" || word === "help") {
      console.log(programHelp(COMMANDS));
      return word === undefined ? 2 : 0;
    }
    if (word === "--version" || word === "-v") {
      console.log(packageVersion());
      return 0;
    }
    const entry = COMMANDS.find(({ name }) => name === word);
    if (entry === undefined) {
      const names = COMMANDS.map(({ name }) => name).join(", ");
      throw new UsageError(
        `Unknown ${word.startsWith("-") ? "flag" : "command"}: ${word}. Allowed: ${names}, --help, --version.`,
      );
    }
    if (rest.includes("--help") || rest.includes("-h")) {
      console.log(commandHelp(entry));
      return 0;
    }
    const { flags, operand } = parseFlags(rest, entry.flags, entry.operand);
    return await entry.run(flags, operand);
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`fulmine: ${error.message}`);
      return 2;
    }
    if (error instanceof FulmineError && error.code === "ABORTED") {
      console.error("fulmine: stopped");
      return interruptedStatus();
    }
    // An expected error needs one line; any other error is a defect, and its stack helps to report it.
    const text =
      error instanceof FulmineError ? error.message : error instanceof Error ? error.stack : String(error);
    console.error(`fulmine: ${text ?? "unknown error"}`);
    return 1;
  }
}
