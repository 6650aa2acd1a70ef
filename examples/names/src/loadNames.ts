import { readFile } from "node:fs/promises";
import { DataLoader, RandomState } from "fulmine";
import { ALPHABET, CONTEXT } from "./alphabet.js";

/** Every letter of the names after the three before it, as batches; one name in ten is held out. */
export async function loadNames(): Promise<{ count: number; train: DataLoader; val: DataLoader }> {
  const text = await readFile(new URL("../data/names.txt", import.meta.url), "utf8");
  const names = text.trim().split("\n");
  const order = new RandomState(1).permutation(names.length);
  const shuffled = Array.from(order, (at) => names[at] ?? "");
  const cut = Math.floor(0.9 * names.length);
  return {
    count: names.length,
    train: toLoader(shuffled.slice(0, cut), { batchSize: 32, shuffle: true }),
    val: toLoader(shuffled.slice(cut), { batchSize: 1024 }),
  };
}

function toLoader(names: readonly string[], options: { batchSize: number; shuffle?: boolean }): DataLoader {
  const contexts: number[] = [];
  const letters: number[] = [];
  for (const name of names) {
    let context = new Array<number>(CONTEXT).fill(0);
    for (const letter of `${name}.`) {
      const number = ALPHABET.indexOf(letter);
      contexts.push(...context);
      letters.push(number);
      context = [...context.slice(1), number];
    }
  }
  const xs = { values: Int32Array.from(contexts), shape: [letters.length, CONTEXT] };
  return new DataLoader({ xs, ys: Int32Array.from(letters) }, options);
}
