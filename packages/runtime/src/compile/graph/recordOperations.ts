import type { NativeBackend, NativeBinding } from "../tensorflow/nativeBackend.js";
import type { GraphBuilder } from "./graphBuilder.js";

/**
 * Records every call of the backend to TensorFlow in a graph builder.
 *
 * @param isReadByStep - Whether the forward pass's JavaScript is running. Its reads are not recorded, because it reads
 *   again at every call.
 * @returns A function that stops recording.
 */
export function recordOperations(
  backend: NativeBackend,
  builder: GraphBuilder,
  isReadByStep: () => boolean,
): () => void {
  const { binding } = backend;
  let isPaused = false;
  const overrides: Pick<NativeBinding, "createTensor" | "deleteTensor" | "executeOp"> = {
    createTensor(shape, dtype, values) {
      const id = binding.createTensor(shape, dtype, values);
      if (!isPaused) builder.noteTensor(id, { shape, dtype, values });
      return id;
    },
    deleteTensor: (id) => binding.deleteTensor(id),
    executeOp(name, attributes, inputs, count) {
      const outputs = binding.executeOp(name, attributes, inputs, count);
      // Calls that the builder makes while it records are not the step's.
      isPaused = true;
      try {
        builder.noteOperation({ name, attributes, inputs, outputs });
      } finally {
        isPaused = false;
      }
      return outputs;
    },
  };
  // The binding's own members are read-only, so an object that inherits from it overrides them.
  backend.binding = Object.create(binding, Object.getOwnPropertyDescriptors(overrides)) as NativeBinding;
  const readSync = backend.readSync.bind(backend);
  const former = Object.getOwnPropertyDescriptor(backend, "readSync");
  // An own property overrides the class's method; deleting it restores the method.
  backend.readSync = (dataId) => {
    if (!isPaused && !isReadByStep()) builder.noteRead(dataId);
    return readSync(dataId);
  };
  return () => {
    backend.binding = binding;
    if (former === undefined) Reflect.deleteProperty(backend, "readSync");
    else Object.defineProperty(backend, "readSync", former);
  };
}
