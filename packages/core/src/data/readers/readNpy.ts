import { FulmineError } from "../../errors/fulmineError.js";
import { isShape, shapeSize, type NumberArray, type ShapedValues } from "../field.js";
import { isNumberKind, readNumbers, type NumberKind } from "./binaryNumbers.js";
import { fileBytes } from "./fileBytes.js";

/**
 * Reads a `.npy` file, as written by NumPy's `save`: format versions 1 to 3, in either byte order, in C or Fortran order.
 *
 * @param bytes - The file.
 * @returns A field for a DataLoader, in C order. 64-bit integers become int32, booleans become bytes.
 * @throws FulmineError `INVALID_DATA` if the file is malformed, or if an integer exceeds int32.
 * @example
 * ```ts
 * const xs = readNpy(await (await fetch("images.npy")).arrayBuffer());
 * ```
 */
export function readNpy(bytes: ArrayBuffer | Uint8Array): ShapedValues {
  const file = fileBytes(bytes, ".npy");
  const { kind, isLittleEndian, isFortranOrder, shape, offset } = readNpyHeader(file);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const count = shapeSize(shape);
  const values = readNumbers(kind, { view, offset, count, isLittleEndian, format: ".npy" });
  return { values: isFortranOrder ? toCOrder(values, shape) : values, shape };
}

/** Reorders numbers from Fortran order, where the first index changes fastest, to C order, where the last one does. */
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

/** The header of a `.npy` file. */
interface NpyHeader {
  readonly kind: NumberKind;
  readonly isLittleEndian: boolean;
  /** Whether the first index changes fastest. */
  readonly isFortranOrder: boolean;
  readonly shape: readonly number[];
  /** Byte offset of the first number. */
  readonly offset: number;
}

/** Limits of NumPy on the length of the header and on the number of dimensions. */
const MAX_CHARACTERS = 10_000;
const MAX_DIMENSIONS = 64;

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/**
 * Reads the header of a `.npy` file (NumPy Enhancement Proposal 1 and `numpy.lib.format`): the magic bytes, the version, the
 * length of the text, and the text, which is a Python dictionary.
 */
function readNpyHeader(file: Uint8Array): NpyHeader {
  if (MAGIC.some((byte, at) => file[at] !== byte)) {
    throw new FulmineError("INVALID_DATA", "A .npy file must begin with the bytes 0x93 NUMPY.", {
      received: Array.from(file.subarray(0, MAGIC.length)),
      todo: "An .npz file is an archive of .npy files: unpack it first.",
    });
  }
  const version = file[6] ?? 0;
  if (version < 1 || version > 3) {
    throw new FulmineError("INVALID_DATA", "The .npy file's version at byte 6 must be 1, 2 or 3.", {
      received: version,
    });
  }
  const start = version === 1 ? 10 : 12;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const length =
    file.length < start ? Infinity : version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (file.length < start + length) {
    throw new FulmineError("INVALID_DATA", `The .npy file ends within its header, at byte ${file.length}.`, {
      todo: "It is truncated: download it again.",
    });
  }
  if (length > MAX_CHARACTERS) {
    throw new FulmineError(
      "INVALID_DATA",
      `The .npy file's header must have at most ${MAX_CHARACTERS} characters.`,
      { received: length },
    );
  }
  const text = new TextDecoder().decode(file.subarray(start, start + length));
  return { ...readDictionary(text), offset: start + length };
}

function readDictionary(text: string): Omit<NpyHeader, "offset"> {
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape'\s*:\s*\(([^)]*)\)/.exec(text)?.[1];
  if (order === undefined || shape === undefined) {
    throw new FulmineError("INVALID_DATA", "The .npy file's header must have `fortran_order` and `shape`.", {
      received: text.trim(),
    });
  }
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1] ?? "a structure";
  const name = descr.slice(1).replace("b1", "u1");
  if (!isNumberKind(name) || !"<>=|".includes(descr.charAt(0))) {
    throw new FulmineError(
      "INVALID_DATA",
      "The .npy file must contain floats of 4 or 8 bytes, integers or booleans.",
      {
        received: descr,
        todo: 'Save it as e.g. array.astype("float32").',
      },
    );
  }
  return {
    kind: name,
    isLittleEndian: !descr.startsWith(">"),
    isFortranOrder: order === "True",
    shape: readShape(shape),
  };
}

/** Parses a Python tuple of integers. Python 2 wrote an `L` after each. */
function readShape(text: string): number[] {
  if (text.trim() === "") return [];
  const sizes = text.trim().replace(/,$/, "").split(",");
  const shape = sizes.map((size) => (/^\s*\d+L?\s*$/.test(size) ? Number.parseInt(size, 10) : NaN));
  if (isShape(shape) && shape.length <= MAX_DIMENSIONS) return shape;
  throw new FulmineError(
    "INVALID_DATA",
    `The .npy file's \`shape\` must have at most ${MAX_DIMENSIONS} dimensions, all integers of at least 0.`,
    { received: `(${text})`, todo: "Save it again with NumPy's `save`." },
  );
}
