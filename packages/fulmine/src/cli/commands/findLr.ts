import { FulmineError } from "@fulmine/core";
import { nodeFiles } from "@fulmine/core/node";
import {
  checkFindLrOptions,
  rules,
  type FindLrOptions,
  type LrFinder,
  type RuleName,
} from "@fulmine/lr-finder";
import { CliTrainer, prepareCli, withQuietOutput } from "../cliTrainer.js";
import { command, UsageError, type Flags, type FlagSpecs } from "../command.js";
import { choiceFlag, numberFlag } from "../flags.js";
import { readRunFlags, runFlags } from "../sharedFlags.js";
import { loadTrainingFile, requireTrainingFile, TRAINING_FILE } from "../trainingFile.js";

const NOT_FOUND = 3;
const ENDINGS = [".html", ".svg", ".png", ".json", ".csv"];

const flags = {
  "min-lr": { type: "string", value: "RATE", meaning: "the lowest learning rate (default 1e-6)" },
  "max-lr": { type: "string", value: "RATE", meaning: "the highest learning rate (default 10)" },
  steps: {
    type: "string",
    value: "COUNT",
    meaning: "the number of learning rates, with one training step each (default 100)",
  },
  mode: {
    type: "string",
    value: "MODE",
    meaning: "exponential (default) or linear spacing of the learning rates",
  },
  rule: {
    type: "string",
    value: "RULES",
    meaning: `the suggestion rule (default auto), or several separated by commas: ${Object.keys(rules).join(", ")}`,
  },
  repeats: { type: "string", value: "COUNT", meaning: "average this number of sweeps from the same state" },
  val: { type: "boolean", meaning: "score each learning rate on the validation data" },
  refine: {
    type: "optional",
    value: "STEPS",
    meaning: "try rates near the suggestion for up to this number of training steps (default 300)",
  },
  optimizer: {
    type: "string",
    value: "INDEX",
    meaning: "the optimizer to sweep, counted from 0, if there are several",
  },
  growth: {
    type: "string",
    value: "FACTOR",
    meaning: "the factor from each learning rate to the next, instead of --steps",
  },
  beta: {
    type: "string",
    value: "BETA",
    meaning: "the smoothing of the loss, from 0 to below 1 (default 0.9)",
  },
  "early-stop": {
    type: "string",
    value: "FACTOR",
    meaning:
      "end when the smoothed loss has risen by this factor, less 1, times its fall (default 4); none never ends early",
  },
  ...runFlags,
  out: {
    type: "string",
    value: "PATH",
    meaning: `write a report; the ending selects the format: ${ENDINGS.join(", ")}`,
  },
  json: { type: "boolean", meaning: "print JSON" },
} as const satisfies FlagSpecs;

/** `fulmine find-lr`: sweeps the learning rate of a training file's model; leaves the model unchanged. */
export const findLr = command({
  name: "find-lr",
  summary: "Sweep the learning rate of a model and suggest one",
  operand: TRAINING_FILE,
  flags,
  examples: [
    ["fulmine find-lr ./train.mjs", "draw the curve in the terminal and print the suggestion"],
    ["fulmine find-lr ./train.mjs --val --repeats 3 --out lr.html", "write a report for the browser"],
    [
      "fulmine find-lr ./train.mjs --refine --seed 1",
      "try rates near the suggestion, and repeat bit for bit",
    ],
    ["fulmine find-lr ./train.mjs --json | jq .lr", "print the suggestion for programs"],
  ],
  async run(given, file) {
    const options = searchOptions(given);
    const { accelerator } = readRunFlags(given);
    const { out, json = false } = given;
    if (out !== undefined && !ENDINGS.some((ending) => out.endsWith(ending)))
      throw new UsageError(`--out must end with one of ${ENDINGS.join(", ")}. Received: ${out}.`);
    const search = async (): Promise<LrFinder> => {
      requireTrainingFile(file);
      // Check the path before the sweep, so that the result cannot be lost.
      if (out !== undefined) await nodeFiles.prepare(out);
      await prepareCli(accelerator);
      const { model, data, trainer: trainerOptions } = await loadTrainingFile(file, options.seed);
      const trainer = new CliTrainer({ ...trainerOptions, enableProgressBar: !json });
      // The index of the optimizer can be checked only when there is a model.
      return trainer.findLr(model, data, options).catch(rethrowAsUsage);
    };
    const finder = await (json ? withQuietOutput(search) : search());
    if (out !== undefined) await save(finder, out);
    console.log(json ? resultJson(finder, out) : await resultText(finder, out));
    return finder.suggestion() === null ? NOT_FOUND : 0;
  },
});

/** Converts the flags to options of `findLr`, which validates the numbers. */
function searchOptions(given: Flags<typeof flags>): FindLrOptions {
  const { rule, val, refine } = given;
  const mode = choiceFlag("mode", given.mode, ["exponential", "linear"]);
  const earlyStop = given["early-stop"];
  const options: FindLrOptions = {
    ...numberFlag("minLr", "min-lr", given["min-lr"]),
    ...numberFlag("maxLr", "max-lr", given["max-lr"]),
    ...numberFlag("numTraining", "steps", given.steps),
    ...numberFlag("repeats", "repeats", given.repeats),
    ...numberFlag("optimizer", "optimizer", given.optimizer),
    ...numberFlag("growth", "growth", given.growth),
    ...numberFlag("beta", "beta", given.beta),
    ...(refine === true ? { refine } : numberFlag("refine", "refine", refine)),
    ...(earlyStop === "none"
      ? { earlyStopThreshold: null }
      : numberFlag("earlyStopThreshold", "early-stop", earlyStop)),
    ...readRunFlags(given).seed,
    ...(mode === undefined ? {} : { mode }),
    ...(rule === undefined ? {} : { rule: rule.split(",").map(parseRule) }),
    ...(val === undefined ? {} : { val }),
  };
  try {
    checkFindLrOptions(options);
  } catch (error) {
    rethrowAsUsage(error);
  }
  return options;
}

/** The flags of options that have another name. */
const FLAG_NAMES: Readonly<Record<string, string>> = {
  ...{ minLr: "min-lr", maxLr: "max-lr", numTraining: "steps", earlyStopThreshold: "early-stop" },
};

/**
 * Turns an error about an option of the search into one about its flag.
 *
 * @throws UsageError, or the error itself if it is about something else.
 */
function rethrowAsUsage(error: unknown): never {
  const isOption = error instanceof FulmineError && error.code === "INVALID_OPTION";
  if (!isOption) throw error;
  const message = error.message.replaceAll(/`(\w+)`(?: of `findLr`)?/g, (whole, option: string) => {
    const flag = FLAG_NAMES[option] ?? option;
    return Object.hasOwn(flags, flag) ? `--${flag}` : whole;
  });
  // What is null in a program is `none` on the command line.
  throw new UsageError(message.replace(", or null.", ", or none."), { cause: error });
}

function parseRule(name: string): RuleName {
  const isRule = (word: string): word is RuleName => Object.hasOwn(rules, word);
  if (isRule(name)) return name;
  throw new UsageError(`--rule has no rule ${name}. Allowed: ${Object.keys(rules).join(", ")}.`);
}

async function save(finder: LrFinder, out: string): Promise<void> {
  try {
    if (out.endsWith(".json") || out.endsWith(".csv")) await finder.save(out);
    else await (await finder.plot({ suggest: true })).save(out);
  } catch (cause) {
    if (cause instanceof FulmineError) throw cause;
    throw new FulmineError("UNAVAILABLE", `The report can't be written: ${String(cause)}.`, { cause });
  }
}

function resultJson(finder: LrFinder, out: string | undefined): string {
  const { lr, range, rule, ...more } = finder.suggest();
  const reason = "reason" in more ? more.reason : null;
  const suggestions = finder.suggestions();
  return JSON.stringify({ lr, range, rule, reason, suggestions, out: out ?? null, search: finder }, null, 2);
}

async function resultText(finder: LrFinder, out: string | undefined): Promise<string> {
  const { isTTY: isTerminal } = process.stdout;
  const columns = isTerminal ? process.stdout.columns : 80;
  const figure = await finder.plot({ suggest: true });
  const others = finder.suggestions().slice(1);
  return [
    figure.toString({ columns: Math.min(columns, 120), colour: isTerminal && !process.env["NO_COLOR"] }),
    "",
    finder.explain(),
    ...others.map(({ rule, lr }) => `The rule ${rule}: ${lr?.toPrecision(3) ?? "none"}`),
    ...(out === undefined ? [] : [`Saved as ${out}`]),
  ].join("\n");
}
