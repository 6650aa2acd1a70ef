import { FulmineError } from "../../errors/fulmineError.js";
import { isShape } from "../shapeSize.js";
import { isNumberKind, type NumberKind } from "./numberKinds.js";

/** What the head of a `.npy` file says. */
export interface NpyHeader {
  readonly kind: NumberKind;
  readonly isLittleEndian: boolean;
  /** Whether the first index moves fastest. */
  readonly isFortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the numbers begin. */
  readonly offset: number;
}

/** NumPy reads no header that is longer, and makes no array of more dimensions. */
const MOST_CHARACTERS = 10_000;
const MOST_DIMENSIONS = 64;

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/**
 * Reads the head of a `.npy` file, versions 1 to 3 (NumPy Enhancement Proposal 1 and `numpy.lib.format`): the magic
 * bytes, the version, the length of the text, and the text, which is a Python dictionary.
 *
 * @throws {@link FulmineError} `INVALID_DATA`, saying what is wrong.
 */
export function readNpyHeader(file: Uint8Array): NpyHeader {
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
      todo: "It is cut off: fetch it again.",
    });
  }
  if (length > MOST_CHARACTERS) {
    throw new FulmineError(
      "INVALID_DATA",
      `The .npy file's header must have at most ${MOST_CHARACTERS} characters.`,
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
      "The .npy file must hold floats of 4 or 8 bytes, whole numbers or booleans.",
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

/** A Python tuple of whole numbers; Python 2 wrote an `L` behind them. */
function readShape(text: string): number[] {
  if (text.trim() === "") return [];
  const sizes = text.trim().replace(/,$/, "").split(",");
  const shape = sizes.map((size) => (/^\s*\d+L?\s*$/.test(size) ? Number.parseInt(size, 10) : NaN));
  if (isShape(shape) && shape.length <= MOST_DIMENSIONS) return shape;
  throw new FulmineError(
    "INVALID_DATA",
    `The .npy file's \`shape\` must be at most ${MOST_DIMENSIONS} whole sizes of at least 0.`,
    { received: `(${text})`, todo: "Save it anew by NumPy's `save`." },
  );
}
