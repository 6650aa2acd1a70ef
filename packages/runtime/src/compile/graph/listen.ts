import type { NativeBackend, NativeBinding } from "../nativeBackend.js";
import type { GraphBuilder } from "./graphBuilder.js";

/**
 * Passes every call of the backend into TensorFlow on to a graph builder.
 *
 * @param isReadByStep - Whether the forward pass's JavaScript is running. Its reads are not recorded, because it reads
 * again at every call.
 * @returns A function that stops listening.
 */
export function listen(
  backend: NativeBackend,
  builder: GraphBuilder,
  isReadByStep: () => boolean,
): () => void {
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
      // Calls that the builder makes while it records are not the step's.
      isDeaf = true;
      try {
        builder.noteOperation({ name, attributes, inputs, outputs });
      } finally {
        isDeaf = false;
      }
      return outputs;
    },
  };
  // The binding's own members are read-only, so an object that inherits from it overrides them.
  backend.binding = Object.create(binding, Object.getOwnPropertyDescriptors(heard)) as NativeBinding;
  const readSync = backend.readSync.bind(backend);
  const former = Object.getOwnPropertyDescriptor(backend, "readSync");
  // An own property overrides the class's method; deleting it restores the method.
  backend.readSync = (dataId) => {
    if (!isDeaf && !isReadByStep()) builder.noteRead(dataId);
    return readSync(dataId);
  };
  return () => {
    backend.binding = binding;
    if (former === undefined) Reflect.deleteProperty(backend, "readSync");
    else Object.defineProperty(backend, "readSync", former);
  };
}
