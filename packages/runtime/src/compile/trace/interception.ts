import type { DataId, Tensor, Variable } from "@tensorflow/tfjs-core";
import {
  tfjsEngine,
  type Attributes,
  type KernelCall,
  type KernelInputs,
  type TfjsEngine,
} from "./tfjsEngine.js";

/** Receives the calls that a forward pass makes to tfjs's engine. */
export interface Interceptor {
  runKernel(name: string, inputs: KernelInputs, attributes?: Attributes): Tensor | Tensor[];
  makeTensor(values: unknown, shape: number[], dtype?: string, backend?: unknown): Tensor;
  assign(variable: Variable, value: Tensor): void;
  /** Called before a tensor is disposed. */
  beforeDispose(tensor: Tensor): void;
  /** Called before the data of a tensor is read; returns the data to read. */
  beforeRead(dataId: DataId): DataId;
  /** Called at the beginning and at the end of an operation with a custom gradient. */
  customGradient(kind: "enter" | "leave", scope: string, tensors: readonly Tensor[]): void;
  /** Called before a call that a graph can't contain. */
  breakGraph(reason: string): void;
}

type EngineMethod = {
  [Key in keyof TfjsEngine]: TfjsEngine[Key] extends (...args: never[]) => unknown ? Key : never;
}[keyof TfjsEngine];

/** The engine's methods that break a graph, each with the reason. */
const BREAKS = {
  makeVariable: "it makes a variable",
  disposeVariable: "it disposes a variable",
  gradients: "it differentiates within the step, e.g. by tf.grad",
  memory: "it reads tf.memory()",
  profile: "it calls tf.profile()",
  time: "it calls tf.time()",
} as const;

/**
 * Intercepts the calls from tfjs's operations to its engine. Without an active interceptor every call passes through.
 *
 * It defines replacements as own properties of the engine object, which take precedence over the class's methods.
 */
export class Interception {
  /** The interception in place, and the number of its users. */
  static #shared: Interception | null = null;
  static #users = 0;

  /** Installs the interception if needed; each user must {@link Interception.release} it. */
  static acquire(): Interception {
    Interception.#users += 1;
    return (Interception.#shared ??= new Interception());
  }

  /** Whether other code has replaced the engine's `runKernel`; a compiled step would bypass that code. */
  static isTaken(): boolean {
    const engine = tfjsEngine();
    if (Interception.#shared === null) return Object.hasOwn(engine, "runKernel");
    return engine.runKernel !== Interception.#shared.#replacements.runKernel;
  }

  /** The active interceptor; `null` when calls pass through. */
  active: Interceptor | null = null;
  /** The engine's methods from before the interception. */
  readonly original: Pick<TfjsEngine, EngineMethod>;
  readonly #engine: TfjsEngine;
  readonly #replacements: Partial<TfjsEngine>;
  /** The replacements that other code had installed before, as property descriptors. */
  readonly #former: PropertyDescriptorMap;
  /** The class of the engine's tensors; a program may contain a second copy of tfjs with other classes. */
  readonly #Tensor: typeof Tensor;
  /** The prototype of the engine's variables. */
  readonly #variables: Variable;
  readonly #assign: (this: Variable, value: Tensor) => void;

  private constructor() {
    const engine = tfjsEngine();
    const bound = <Key extends EngineMethod>(name: Key): TfjsEngine[Key] =>
      engine[name].bind(engine) as TfjsEngine[Key];
    const names = [
      "runKernel",
      "runKernelFunc",
      "makeTensor",
      "read",
      "readSync",
      "moveData",
      "disposeTensor",
    ];
    const original = Object.fromEntries(
      [...names, ...Object.keys(BREAKS)].map((name) => [name, bound(name as EngineMethod)]),
    ) as Pick<TfjsEngine, EngineMethod>;
    this.#engine = engine;
    this.original = original;
    this.#former = Object.fromEntries(
      Object.entries(Object.getOwnPropertyDescriptors(engine)).filter(([name]) => name in original),
    );
    const probe = original.makeTensor(new Float32Array(1), []);
    const variable = original.makeVariable(probe, false, "fulmine probe");
    this.#Tensor = probe.constructor as typeof Tensor;
    this.#variables = Object.getPrototypeOf(variable) as Variable;
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called with a variable as `this`
    this.#assign = this.#variables.assign;
    original.disposeVariable(variable);
    probe.dispose();
    this.#replacements = this.#makeReplacements();
    Object.assign(engine, this.#replacements);
    this.#interceptAssign();
  }

  /** Assigns to a variable, past the active interceptor. */
  assign(variable: Variable, value: Tensor): void {
    this.#assign.call(variable, value);
  }

  /** Makes a tensor without data; the current scope tracks it like any other tensor. */
  makeEmptyTensor(shape: number[], dtype: Tensor["dtype"]): Tensor {
    return this.#engine.track(new this.#Tensor(shape, dtype, {}, this.#engine.nextTensorId()));
  }

  /** Makes a tensor that shares another tensor's data and that no scope disposes. */
  share(x: Tensor): Tensor {
    const { state } = this.#engine;
    // A depth above 0 keeps the kernel off the tape.
    state.kernelDepth += 1;
    try {
      const clone = this.original.runKernel("Identity", { x }) as Tensor;
      clone.kept = true;
      return clone;
    } finally {
      state.kernelDepth -= 1;
    }
  }

  /** Ends one use; the last one restores the engine's methods. */
  release(): void {
    Interception.#users -= 1;
    if (Interception.#users > 0) return;
    Interception.#shared = null;
    for (const name of Object.keys(this.original) as EngineMethod[]) {
      // Leave a method that other code has replaced since. That code calls our replacement, which passes calls through.
      if (this.#engine[name] !== this.#replacements[name]) continue;
      Reflect.deleteProperty(this.#engine, name);
      Object.defineProperties(this.#engine, pick(this.#former, name));
    }
    this.#variables.assign = this.#assign;
  }

  #makeReplacements(): Partial<TfjsEngine> {
    const { original } = this;
    const breaking = Object.entries(BREAKS).map(([name, reason]) => {
      const method = original[name as keyof typeof BREAKS] as (...args: unknown[]) => unknown;
      return [
        name,
        (...args: unknown[]) => {
          this.active?.breakGraph(reason);
          return method(...args);
        },
      ];
    });
    return {
      ...(Object.fromEntries(breaking) as Partial<TfjsEngine>),
      runKernel: (name, inputs, attributes) =>
        this.active === null
          ? original.runKernel(name, inputs, attributes)
          : this.active.runKernel(name, inputs, attributes),
      makeTensor: (values, shape, dtype, backend) =>
        this.active === null
          ? original.makeTensor(values, shape, dtype, backend)
          : this.active.makeTensor(values, shape, dtype, backend),
      runKernelFunc: (call) => this.#runKernelFunc(call),
      read: (dataId) => original.read(this.active?.beforeRead(dataId) ?? dataId),
      readSync: (dataId) => original.readSync(this.active?.beforeRead(dataId) ?? dataId),
      moveData: (backend, dataId) => {
        // The engine moves data that the backend does not have: those of a tensor whose kernel has not run yet.
        const present = this.active?.beforeRead(dataId) ?? dataId;
        if (present === dataId) original.moveData(backend, dataId);
        else linkData(backend, dataId, present);
      },
      disposeTensor: (tensor) => {
        this.active?.beforeDispose(tensor);
        original.disposeTensor(tensor);
      },
    };
  }

  /** Intercepts operations with custom gradients; user code may have made them with `tf.customGrad` long before. */
  #runKernelFunc(call: KernelCall): Tensor | Tensor[] {
    const { active, original } = this;
    if (active === null || call.kernelName !== undefined) return original.runKernelFunc(call);
    const scope = this.#engine.state.activeScope?.name ?? "";
    active.customGradient("enter", scope, Object.values(call.inputs));
    const output = original.runKernelFunc(call);
    this.active?.customGradient("leave", scope, [output].flat());
    return output;
  }

  #interceptAssign(): void {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- `this` is the variable below
    const interception = this;
    this.#variables.assign = function (this: Variable, value: Tensor): void {
      if (interception.active === null) interception.assign(this, value);
      else interception.active.assign(this, value);
    };
  }
}

function pick(descriptors: PropertyDescriptorMap, name: string): PropertyDescriptorMap {
  const descriptor = descriptors[name];
  return descriptor === undefined ? {} : { [name]: descriptor };
}

/** Makes a tensor's data available under the id that the tensor had before its kernel ran. */
function linkData(backend: unknown, former: DataId, present: DataId): void {
  const { data } = (backend as { readonly tensorMap: { readonly data: WeakMap<DataId, object> } }).tensorMap;
  const found = data.get(present);
  if (found !== undefined) data.set(former, found);
}
