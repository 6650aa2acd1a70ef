import {
  keep,
  scalar,
  Tensor,
  Variable,
  type Optimizer as TfjsOptimizer,
  type SGDOptimizer,
} from "@tensorflow/tfjs-core";

/** A slot as the optimizers of TensorFlow.js keep it. */
export interface TfjsSlot {
  readonly originalName: string;
  readonly variable: Variable;
}

/** The numbers and switches that a `tf.train` optimizer was made with, besides its learning rate. */
export type TfjsSettings = Readonly<Record<string, number | boolean>>;

// TensorFlow.js gives no way to the state of its optimizers that is whole: `getWeights` leaves out the accumulators of
// Adam and throws for Adamax, and `setWeights` leaks. So the state is found where it is kept, in their own fields.
function fieldsOf(optimizer: TfjsOptimizer): readonly (readonly [string, unknown])[] {
  return Object.entries(optimizer);
}

/** The slots by name, each a list in the order of the parameters; the very lists that the optimizer works with. */
export function slotListsOf(optimizer: TfjsOptimizer): readonly (readonly [string, TfjsSlot[]])[] {
  return fieldsOf(optimizer).flatMap(([name, field]) => (isSlotList(field) ? [[name, field] as const] : []));
}

/** The tensors and variables that belong to no single parameter, such as powers of beta. */
export function sharedTensorsOf(optimizer: TfjsOptimizer): readonly (readonly [string, Tensor])[] {
  return fieldsOf(optimizer).flatMap(([name, field]) =>
    field instanceof Tensor ? [[name, field] as const] : [],
  );
}

/** Puts a value into one of the optimizer's tensors and takes the value over. */
export function putSharedTensor(optimizer: TfjsOptimizer, name: string, value: Tensor): void {
  const field: unknown = Reflect.get(optimizer, name);
  if (field instanceof Variable) {
    field.assign(value);
    value.dispose();
  } else {
    if (field instanceof Tensor) field.dispose();
    Reflect.set(optimizer, name, value);
  }
}

/** Sets how many steps the optimizer counts. */
export function putIterations(optimizer: TfjsOptimizer, iterations: number): void {
  Reflect.set(optimizer, "iterations_", iterations);
}

/** The learning rate that is in force. */
export function rateOf(optimizer: TfjsOptimizer): number {
  const rate: unknown = Reflect.get(optimizer, "learningRate");
  return typeof rate === "number" ? rate : NaN;
}

/** Sets the learning rate so that the next step uses it. */
export function putRate(optimizer: TfjsOptimizer, lr: number): void {
  // SGD and momentum work with a scalar that only this method renews; the others read the field at each step.
  if (hasSetLearningRate(optimizer)) optimizer.setLearningRate(lr);
  else Reflect.set(optimizer, "learningRate", lr);
}

/** The settings that are in force. */
export function settingsOf(optimizer: TfjsOptimizer): TfjsSettings {
  const others = fieldsOf(optimizer).filter(([name]) => name !== "learningRate" && name !== "iterations_");
  return Object.fromEntries(
    others.flatMap(([name, field]) =>
      typeof field === "number" || typeof field === "boolean" ? [[name, field] as const] : [],
    ),
  );
}

/** Sets settings so that the next step uses them. */
export function putSettings(optimizer: TfjsOptimizer, settings: TfjsSettings): void {
  const before = settingsOf(optimizer);
  for (const [name, value] of Object.entries(settings)) {
    if (before[name] === value) continue;
    Reflect.set(optimizer, name, value);
    // tf.train.momentum works with a scalar that even its `setMomentum` does not renew.
    if (name === "momentum" && "m" in optimizer) putSharedTensor(optimizer, "m", keep(scalar(Number(value))));
  }
}

function hasSetLearningRate(optimizer: object): optimizer is Pick<SGDOptimizer, "setLearningRate"> {
  return "setLearningRate" in optimizer;
}

function isSlotList(field: unknown): field is TfjsSlot[] {
  return Array.isArray(field) && field.every((slot: object) => "originalName" in slot && "variable" in slot);
}
