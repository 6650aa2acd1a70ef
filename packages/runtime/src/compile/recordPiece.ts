import { runOpByOp, type PieceResult, type StepPiece } from "@fulmine/core";
import { engine, keep, memory, scalar, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import { GraphBuilder, type StepGraph } from "./graph/graphBuilder.js";
import type { NativeBackend, NativeBinding } from "./nativeBackend.js";
import type { ModuleWatch } from "./moduleWatch.js";

/** A piece that ran op by op while it was written down. */
export interface RecordedPiece<R> {
  readonly result: PieceResult<R>;
  /** What it did; `null` when it can't be replayed, or when only another run can tell. */
  readonly graph: StepGraph | null;
  /** Why it can't be replayed; `null` when nothing speaks against it. */
  readonly refusal: string | null;
  /** The numbers that it drew, in order. */
  readonly draws: readonly number[];
}

/**
 * Runs a piece op by op and writes down every call into TensorFlow.
 *
 * The piece has run when this returns, whether or not it can be replayed; what it throws is thrown on.
 */
export function recordPiece<R>(
  backend: NativeBackend,
  piece: StepPiece<R>,
  watch: ModuleWatch,
): RecordedPiece<R> {
  watch.renew();
  const variables = registeredVariables();
  const scalars = piece.scalars.map((value) => keep(scalar(value)));
  const builder = new GraphBuilder(backend, {
    inputs: piece.inputs,
    renewed: piece.renewed,
    scalars,
    variables,
    captured: watch.tensors,
  });
  const draws: number[] = [];
  const draw = (): number => {
    const number = piece.random.float();
    draws.push(number);
    builder.noteDraw(number);
    return number;
  };
  const tensorsBefore = memory().numTensors;
  const stopListening = listen(backend, builder);
  try {
    const result = runOpByOp(piece, { random: { float: draw }, scalars });
    builder.noteResults(result.tensors);
    const added = memory().numTensors - tensorsBefore;
    const refusal =
      result.refusal ??
      changedVariables(variables) ??
      keptTensors(piece, result.tensors, added) ??
      builder.refusal ??
      changedProperties(watch);
    return { result, draws, refusal, graph: refusal === null ? builder.build() : null };
  } finally {
    stopListening();
    for (const tensor of scalars) tensor.dispose();
  }
}

function registeredVariables(): Variable[] {
  return Object.values(engine().registeredVariables);
}

function changedVariables(before: readonly Variable[]): string | null {
  const after = new Set(registeredVariables());
  const isSame = after.size === before.length && before.every((variable) => after.has(variable));
  return isSame ? null : "it makes or disposes a variable";
}

function keptTensors(piece: StepPiece<unknown>, results: readonly Tensor[], added: number): string | null {
  const made = new Set(results.filter((tensor) => !piece.inputs.includes(tensor)));
  return added > made.size ? "it keeps a tensor after it has ended, as a metric does" : null;
}

function changedProperties(watch: ModuleWatch): string | null {
  const [path] = watch.changes();
  return path === undefined ? null : `it changes \`this.${path}\``;
}

/** Lets a builder hear every call of a backend into TensorFlow, until the returned function is called. */
function listen(backend: NativeBackend, builder: GraphBuilder): () => void {
  const { binding } = backend;
  let isDeaf = false;
  const heard: Pick<NativeBinding, "createTensor" | "deleteTensor" | "executeOp"> = {
    createTensor(shape, dtype, values) {
      const id = binding.createTensor(shape, dtype, values);
      if (!isDeaf) builder.noteTensor(id, { shape, dtype, values });
      return id;
    },
    deleteTensor: (id) => binding.deleteTensor(id),
    executeOp(name, attributes, inputs, count) {
      const outputs = binding.executeOp(name, attributes, inputs, count);
      // What is done to write an operation down is not the piece's doing.
      isDeaf = true;
      try {
        builder.noteOperation({ name, attributes, inputs, outputs });
      } finally {
        isDeaf = false;
      }
      return outputs;
    },
  };
  // The binding's own members can't be written to, only be covered.
  backend.binding = Object.create(binding, Object.getOwnPropertyDescriptors(heard)) as NativeBinding;
  const readSync = backend.readSync.bind(backend);
  // An own property stands before the method of the same name, and is taken away again.
  backend.readSync = (dataId) => {
    if (!isDeaf) builder.noteRead(dataId);
    return readSync(dataId);
  };
  return () => {
    backend.binding = binding;
    Reflect.deleteProperty(backend, "readSync");
  };
}
