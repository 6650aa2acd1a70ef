import { FulmineError } from "../../errors/fulmineError.js";
import { count, isListOf, positive } from "../../options/validators.js";

/** Fractions may sum to 1 up to the rounding of their decimals. */
const ROUNDING = 1e-6;

/**
 * Returns the number of examples of each part.
 *
 * Fractions are rounded down, and the parts that lose most by it get the examples that are left.
 *
 * @param sizes - Fractions that sum to 1, or numbers that sum to `examples`.
 * @throws FulmineError `INVALID_OPTION` if they sum to anything else, or if a part would be empty.
 */
export function partSizes(sizes: readonly number[], examples: number): number[] {
  if (!isListOf(sizes, positive.test) || sizes.length === 0) {
    throw new FulmineError("INVALID_OPTION", "The sizes of `split` must be a list of numbers above 0.", {
      received: sizes,
      todo: "Pass fractions such as [0.8, 0.2], or numbers of examples.",
    });
  }
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (Math.abs(total - 1) <= ROUNDING) return sizesOfFractions(sizes, examples);
  const areCounts = sizes.every(count.test);
  if (areCounts && total === examples) return [...sizes];
  throw new FulmineError(
    "INVALID_OPTION",
    areCounts
      ? `The numbers of examples given to \`split\` must sum to the ${examples} examples of the data.`
      : "The fractions given to `split` must sum to 1.",
    { received: [...sizes], todo: `They sum to ${Number(total.toPrecision(12))}.` },
  );
}

function sizesOfFractions(fractions: readonly number[], examples: number): number[] {
  const total = fractions.reduce((sum, fraction) => sum + fraction, 0);
  // What the fractions lack or have too much would be thousands of examples of a large data set.
  const exact = fractions.map((fraction) => (fraction / total) * examples);
  // 0.7 · 10 is a little below 7 in floating point.
  const whole = exact.map((size) => Math.floor(size + ROUNDING));
  const left = examples - whole.reduce((sum, size) => sum + size, 0);
  const lost = exact.map((size, at) => size - (whole[at] ?? 0));
  const order = [...lost.keys()].sort((a, b) => (lost[b] ?? 0) - (lost[a] ?? 0));
  for (const at of order.slice(0, left)) whole[at] = (whole[at] ?? 0) + 1;
  const empty = whole.indexOf(0);
  if (empty < 0) return whole;
  throw new FulmineError(
    "INVALID_OPTION",
    `Part ${empty} of the split would be empty: it is ${fractions[empty] ?? 0} of ${examples} examples.`,
    { received: [...fractions], todo: "Use a larger fraction, or fewer parts." },
  );
}
