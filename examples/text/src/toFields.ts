import type { Tokenizer } from "@huggingface/tokenizers";
import type { Line } from "./loadLines.js";

/** The number of tokens of every line: longer ones are cut, shorter ones are filled with 0, the number of `[PAD]`. */
export const LENGTH = 24;

/** The fields of a DataLoader: the numbers of the tokens, `[lines, LENGTH]`, and what the lines are, `[lines, 1]`. */
export function toFields(lines: readonly Line[], tokenizer: Tokenizer) {
  const values = new Int32Array(lines.length * LENGTH);
  for (const [at, { text }] of lines.entries())
    values.set(tokenizer.encode(text).ids.slice(0, LENGTH), at * LENGTH);
  const labels = Float32Array.from(lines, ({ isCode }) => isCode);
  return {
    xs: { values, shape: [lines.length, LENGTH] },
    ys: { values: labels, shape: [lines.length, 1] },
  };
}
