import {
  keep,
  scalar,
  Tensor,
  Variable,
  type Optimizer as TfjsOptimizer,
  type SGDOptimizer,
} from "@tensorflow/tfjs-core";

/** A slot of a TensorFlow.js optimizer. */
export interface TfjsSlot {
  readonly originalName: string;
  readonly variable: Variable;
}

/** The numeric and boolean settings of a `tf.train` optimizer, except its learning rate. */
export type TfjsSettings = Readonly<Record<string, number | boolean>>;

// The API of TensorFlow.js does not give access to an optimizer's complete state: `getWeights` omits the accumulators of
// Adam and throws for Adamax, and `setWeights` leaks. So these functions read and write the optimizer's fields.
function fieldsOf(optimizer: TfjsOptimizer): readonly (readonly [string, unknown])[] {
  return Object.entries(optimizer);
}

/** Gets the slot lists by name, each in the order of the parameters. They are the lists that the optimizer uses. */
export function slotListsOf(optimizer: TfjsOptimizer): readonly (readonly [string, TfjsSlot[]])[] {
  return fieldsOf(optimizer).flatMap(([name, field]) => (isSlotList(field) ? [[name, field] as const] : []));
}

/** Gets the tensors and variables that belong to no single parameter, such as powers of beta. */
export function sharedTensorsOf(optimizer: TfjsOptimizer): readonly (readonly [string, Tensor])[] {
  return fieldsOf(optimizer).flatMap(([name, field]) =>
    field instanceof Tensor ? [[name, field] as const] : [],
  );
}

/** Sets a shared tensor of the optimizer. The optimizer owns the value afterwards. */
export function setSharedTensor(optimizer: TfjsOptimizer, name: string, value: Tensor): void {
  const field: unknown = Reflect.get(optimizer, name);
  if (field instanceof Variable) {
    field.assign(value);
    value.dispose();
  } else {
    if (field instanceof Tensor) field.dispose();
    Reflect.set(optimizer, name, value);
  }
}

/** Sets the optimizer's step count. */
export function setIterations(optimizer: TfjsOptimizer, iterations: number): void {
  Reflect.set(optimizer, "iterations_", iterations);
}

/** Gets the current learning rate; NaN if there is none. */
export function rateOf(optimizer: TfjsOptimizer): number {
  const rate: unknown = Reflect.get(optimizer, "learningRate");
  return typeof rate === "number" ? rate : NaN;
}

/** Sets the learning rate for the next step. */
export function setRate(optimizer: TfjsOptimizer, lr: number): void {
  // SGD and momentum use a scalar tensor that only this method updates; the others read the field in each step.
  if (hasSetLearningRate(optimizer)) optimizer.setLearningRate(lr);
  else Reflect.set(optimizer, "learningRate", lr);
}

/** Gets the current settings. */
export function settingsOf(optimizer: TfjsOptimizer): TfjsSettings {
  const others = fieldsOf(optimizer).filter(([name]) => name !== "learningRate" && name !== "iterations_");
  return Object.fromEntries(
    others.flatMap(([name, field]) =>
      typeof field === "number" || typeof field === "boolean" ? [[name, field] as const] : [],
    ),
  );
}

/** Changes settings for the next step. */
export function setSettings(optimizer: TfjsOptimizer, settings: TfjsSettings): void {
  const before = settingsOf(optimizer);
  for (const [name, value] of Object.entries(settings)) {
    if (before[name] === value) continue;
    Reflect.set(optimizer, name, value);
    // tf.train.momentum uses a scalar tensor that even its `setMomentum` does not update.
    if (name === "momentum" && "m" in optimizer) setSharedTensor(optimizer, "m", keep(scalar(Number(value))));
  }
}

function hasSetLearningRate(optimizer: object): optimizer is Pick<SGDOptimizer, "setLearningRate"> {
  return "setLearningRate" in optimizer;
}

function isSlotList(field: unknown): field is TfjsSlot[] {
  return Array.isArray(field) && field.every((slot: object) => "originalName" in slot && "variable" in slot);
}
