import type { Tensor } from "@tensorflow/tfjs-core";
import { moduleParts } from "./moduleParts.js";
import { shared } from "../tensors/shared.js";

/** A recurrent layer of `tf.layers` that carries its state from batch to batch. */
interface StatefulLayer {
  readonly name: string;
  /** The current states; the layer replaces this list at each step. */
  states_: Tensor[];
  /** Former states; the layer disposes them when it is reset. */
  keptStates: (Tensor | Tensor[])[];
}

/** One tensor of a layer's state; it can be read and set like a variable. */
export type LayerState = Pick<Tensor, "shape" | "dtype" | "data"> & {
  readonly name: string;
  /** Sets the value; the caller keeps the given tensor. */
  assign(value: Tensor): void;
};

/** Gets the states of a module's stateful recurrent layers, in the order of the module's properties. */
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
 * Captures the states of a module's stateful layers without copying them.
 *
 * @returns A function that restores the states and disposes the states made since. It restores the same tensors unless
 * they have been disposed.
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

/** Finds the stateful layers of a module, also inside models and wrapper layers. */
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
