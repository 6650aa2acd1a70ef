import { FulmineError } from "../../errors/fulmineError.js";
import { isObject } from "../../options/validators.js";
import { MlflowError, type MlflowClient } from "./mlflowClient.js";
import { mlflowName, mlflowValue } from "./mlflowNames.js";
import type { ReadMlflowOptions } from "./mlflowOptions.js";

/** A run on the server. */
export interface MlflowRun {
  readonly id: string;
  readonly experimentId: string;
  /** Where its artifacts are, e.g. `mlflow-artifacts:/1/7e…/artifacts`. */
  readonly artifactUri: string;
  /** The parameters that it had when it was opened, by name. */
  readonly params: ReadonlyMap<string, string>;
  /** The tags that it had when it was opened, by name. */
  readonly tags: ReadonlyMap<string, string>;
}

/**
 * Creates a run, and its experiment if needed; or opens an existing run again.
 *
 * @throws FulmineError `INVALID_OPTION` if the server refuses; MlflowError if it does not answer.
 */
export async function openMlflowRun(client: MlflowClient, options: ReadMlflowOptions): Promise<MlflowRun> {
  try {
    return options.runId === undefined
      ? await createRun(client, options)
      : await resumeRun(client, options.runId, options);
  } catch (error) {
    if (!(error instanceof MlflowError) || error.isTemporary) throw error;
    throw new FulmineError("INVALID_OPTION", `MLflow refuses the run: ${error.message}.`, {
      received: client.address,
      todo: "Check `trackingUri`, `experimentName`, `runId` and `headers` of `MlflowLogger`.",
      cause: error,
    });
  }
}

async function createRun(client: MlflowClient, options: ReadMlflowOptions): Promise<MlflowRun> {
  const answer = await client.post("runs/create", {
    experiment_id: await experimentOf(client, options.experimentName ?? "fulmine"),
    start_time: Date.now(),
    ...nameOf(options),
    tags: tagList(options),
  });
  return readRun(answer);
}

async function resumeRun(client: MlflowClient, id: string, options: ReadMlflowOptions): Promise<MlflowRun> {
  const answer = await client.get("runs/get", { run_id: id });
  const run = readRun(answer);
  if (textAt(answer, "run", "info", "lifecycle_stage") === "deleted")
    throw new FulmineError("INVALID_OPTION", "The run of `runId` was deleted.", {
      received: id,
      todo: "Restore it with `mlflow runs restore`, or leave out `runId`.",
    });
  await checkExperiment(client, run, options.experimentName);
  await client.post("runs/update", { run_id: id, status: "RUNNING", ...nameOf(options) });
  const tags = tagList(options);
  if (tags.length > 0) await client.post("runs/log-batch", { run_id: id, tags });
  return run;
}

async function checkExperiment(
  client: MlflowClient,
  run: MlflowRun,
  name: string | undefined,
): Promise<void> {
  if (name === undefined) return;
  const answer = await client.get("experiments/get", { experiment_id: run.experimentId });
  const its = textAt(answer, "experiment", "name");
  if (its === name) return;
  throw new FulmineError("INVALID_OPTION", `The run of \`runId\` is in the experiment ${its}.`, {
    received: name,
    todo: "Leave out `experimentName`.",
  });
}

/** The id of an experiment; creates it if there is none of that name. */
async function experimentOf(client: MlflowClient, name: string): Promise<string> {
  const found = await findExperiment(client, name);
  if (found !== null) return found;
  try {
    return textAt(await client.post("experiments/create", { name }), "experiment_id");
  } catch (error) {
    // Another program may have created it in the meantime.
    const isThere = error instanceof MlflowError && error.code === "RESOURCE_ALREADY_EXISTS";
    const id = isThere ? await findExperiment(client, name) : null;
    if (id === null) throw error;
    return id;
  }
}

async function findExperiment(client: MlflowClient, name: string): Promise<string | null> {
  let answer: unknown;
  try {
    answer = await client.get("experiments/get-by-name", { experiment_name: name });
  } catch (error) {
    if (error instanceof MlflowError && error.code === "RESOURCE_DOES_NOT_EXIST") return null;
    throw error;
  }
  if (textAt(answer, "experiment", "lifecycle_stage") !== "deleted")
    return textAt(answer, "experiment", "experiment_id");
  throw new FulmineError("INVALID_OPTION", "The experiment of `experimentName` was deleted.", {
    received: name,
    todo: "Restore it with `mlflow experiments restore`, or give another name.",
  });
}

function readRun(answer: unknown): MlflowRun {
  return {
    id: textAt(answer, "run", "info", "run_id"),
    experimentId: textAt(answer, "run", "info", "experiment_id"),
    artifactUri: textAt(answer, "run", "info", "artifact_uri"),
    params: entriesAt(answer, "params"),
    tags: entriesAt(answer, "tags"),
  };
}

function nameOf({ runName }: ReadMlflowOptions): { readonly run_name?: string } {
  return runName === undefined ? {} : { run_name: runName };
}

function tagList({ tags }: ReadMlflowOptions): readonly { readonly key: string; readonly value: string }[] {
  return Object.entries(tags).map(([key, value]) => ({ key: mlflowName(key), value: mlflowValue(value) }));
}

/** The value at a path in an answer; `undefined` if it is not there. */
function valueAt(answer: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (isObject(value) ? Reflect.get(value, name) : undefined),
    answer,
  );
}

/** The text at a path in an answer. */
function textAt(answer: unknown, ...path: readonly string[]): string {
  const value = valueAt(answer, ...path);
  if (typeof value === "string") return value;
  throw new MlflowError(`the answer has no \`${path.join(".")}\``, 404);
}

/** The parameters or tags of a run; an answer leaves out a list that is empty. */
function entriesAt(answer: unknown, list: "params" | "tags"): ReadonlyMap<string, string> {
  const entries = valueAt(answer, "run", "data", list);
  return new Map(
    (Array.isArray(entries) ? entries : []).map((entry) => [textAt(entry, "key"), textAt(entry, "value")]),
  );
}
