import type { NativeBackend, NativeBinding } from "../nativeBackend.js";
import type { GraphBuilder } from "./graphBuilder.js";

/**
 * Lets a graph builder hear every call of the backend into TensorFlow.
 *
 * @param isReadByStep - Whether a read at this moment is made by a step's own JavaScript, which does so at every call.
 * @returns A function that ends it.
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
      // Calls that serve to write an operation down are not the step's.
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
  // An own property comes before the method of the same name, and is taken away again.
  backend.readSync = (dataId) => {
    if (!isDeaf && !isReadByStep()) builder.noteRead(dataId);
    return readSync(dataId);
  };
  return () => {
    backend.binding = binding;
    Reflect.deleteProperty(backend, "readSync");
  };
}
