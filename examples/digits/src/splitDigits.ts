import { DataLoader } from "fulmine";

/** What digits are for. */
export type Part = keyof typeof SHARES;

/** How many of ten images of each digit are trained on, validated on and held out. */
const SHARES = { train: 7, val: 1, test: 2 };

/** Digits in parts, each with equally many of each digit; a row is 64 pixels from 0 to 16 and a label. */
export function splitDigits(csv: string): Record<Part, number[][]> {
  const rows = csv
    .trim()
    .split("\n")
    .map((line) => line.split(",").map(Number));
  const part: Record<Part, number[][]> = { train: [], val: [], test: [] };
  const seen = new Map<number, number>();
  for (const row of rows) {
    const label = row[64] ?? 0;
    const turn = (seen.get(label) ?? 0) % 10;
    seen.set(label, (seen.get(label) ?? 0) + 1);
    part[turn < SHARES.train ? "train" : turn < SHARES.train + SHARES.val ? "val" : "test"].push(row);
  }
  return part;
}

/** The parts as batches. */
export function toLoaders({ train, val, test }: Record<Part, number[][]>): Record<Part, DataLoader> {
  return {
    train: toLoader(train, { batchSize: 64, shuffle: true }),
    val: toLoader(val, { batchSize: 256 }),
    test: toLoader(test, { batchSize: 256 }),
  };
}

function toLoader(rows: number[][], options: { batchSize: number; shuffle?: boolean }): DataLoader {
  const pixels = Float32Array.from(rows.flatMap((row) => row.slice(0, 64).map((pixel) => pixel / 16)));
  const labels = Int32Array.from(rows, (row) => row[64] ?? 0);
  return new DataLoader({ xs: { values: pixels, shape: [rows.length, 64] }, ys: labels }, options);
}
