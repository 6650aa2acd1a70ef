import type { Tensor } from "@tensorflow/tfjs-core";
import { moduleParts } from "./moduleParts.js";
import { shared } from "./shared.js";

/** A recurrent layer of `tf.layers` that carries its state from batch to batch. */
interface StatefulLayer {
  readonly name: string;
  /** The present state; the layer puts another list here at each step. */
  states_: Tensor[];
  /** Former states, which the layer frees when it is reset. */
  keptStates: (Tensor | Tensor[])[];
}

/** One tensor of a layer's state, which can be read and set as a variable can. */
export type LayerState = Pick<Tensor, "shape" | "dtype" | "data"> & {
  readonly name: string;
  /** Sets the value; the tensor given stays the caller's. */
  assign(value: Tensor): void;
};

/** The states of a module's recurrent layers that are stateful, in the order in which its properties hold the layers. */
export function layerStates(module: object): LayerState[] {
  return statefulLayers(module).flatMap((layer) =>
    layer.states_.map((state, index) => ({
      ...{ name: `${layer.name}/state_${index}`, shape: state.shape, dtype: state.dtype },
      data: state.data.bind(state),
      assign(value) {
        const former = layer.states_[index];
        layer.states_[index] = shared(value);
        former?.dispose();
      },
    })),
  );
}

/**
 * Remembers the states of a module's stateful layers without copying them.
 *
 * @returns A function that puts them back, the same tensors where they are still there, and frees what came between.
 */
export function captureLayerStates(module: object): () => void {
  const captured = statefulLayers(module).map((layer) => {
    const before = [...layer.states_];
    return { layer, before, values: before.map(shared), kept: [...layer.keptStates] };
  });
  return () => {
    for (const { layer, before, values, kept } of captured) {
      const remain = new Set([...before, ...kept.flat()]);
      for (const state of [...layer.states_, ...layer.keptStates.flat()])
        if (!remain.has(state)) state.dispose();
      layer.keptStates = kept.filter((states) => ![states].flat().some(({ isDisposed }) => isDisposed));
      layer.states_ = before.map((state, index) => {
        const value = values[index] ?? state;
        if (state.isDisposed) return value;
        value.dispose();
        return state;
      });
    }
  };
}

/** Finds them among the parts of models and wrappers as well. */
function statefulLayers(module: object): StatefulLayer[] {
  const found = new Set<StatefulLayer>();
  const visit = (layer: object): void => {
    if (isStateful(layer)) found.add(layer);
    for (const name of ["layers", "layer", "forwardLayer", "backwardLayer"]) {
      const inner: unknown = Reflect.get(layer, name);
      for (const one of [inner].flat()) if (typeof one === "object" && one !== null) visit(one);
    }
  };
  for (const part of moduleParts(module)) if ("layer" in part) visit(part.layer);
  return [...found];
}

function isStateful(layer: object): layer is StatefulLayer {
  return "stateful" in layer && layer.stateful === true && "states_" in layer && Array.isArray(layer.states_);
}
