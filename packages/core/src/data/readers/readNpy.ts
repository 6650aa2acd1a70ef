import type { NumberArray, ShapedValues } from "../field.js";
import { shapeSize } from "../shapeSize.js";
import { bytesOf } from "./bytesOf.js";
import { readNpyHeader } from "./npyHeader.js";
import { readNumbers } from "./numberKinds.js";

/**
 * Reads a `.npy` file as NumPy's `save` writes it, versions 1 to 3, in either order of bytes and of dimensions.
 *
 * @param bytes - The file.
 * @returns A field for a DataLoader, in C order. Whole numbers of 64 bits become int32 where they fit, booleans bytes.
 * @throws {@link FulmineError} `INVALID_DATA`, saying what is wrong at which byte.
 * @example
 * ```ts
 * const xs = readNpy(await (await fetch("images.npy")).arrayBuffer());
 * ```
 */
export function readNpy(bytes: ArrayBuffer | Uint8Array): ShapedValues {
  const file = bytesOf(bytes, ".npy");
  const { kind, isLittleEndian, isFortranOrder, shape, offset } = readNpyHeader(file);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const count = shapeSize(shape);
  const values = readNumbers(kind, { view, offset, count, isLittleEndian, format: ".npy" });
  return { values: isFortranOrder ? toCOrder(values, shape) : values, shape };
}

/** Walks the places in C order, the last index fastest, and takes each number from where Fortran order put it. */
function toCOrder(values: NumberArray, shape: readonly number[]): NumberArray {
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1));
  const index = shape.map(() => 0);
  const ordered = values.slice();
  let from = 0;
  for (let to = 0; to < values.length; to++) {
    ordered[to] = values[from] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const [at = 0, stride = 0, size = 0] = [index[axis], strides[axis], shape[axis]];
      if (at + 1 < size) {
        index[axis] = at + 1;
        from += stride;
        break;
      }
      index[axis] = 0;
      from -= at * stride;
    }
  }
  return ordered;
}
