import { listed } from "../../errors/describe.js";
import { FulmineError } from "../../errors/fulmineError.js";

/**
 * Deals rows to parts so that each label has the same share in every part, as nearly as whole examples allow.
 *
 * @param order - All rows, in random order. The rows of a part keep this order.
 * @param labels - The label of each row.
 * @param sizes - The number of rows of each part; they sum to the number of rows.
 * @throws FulmineError `INVALID_DATA` if a label has fewer rows than there are parts; `INVALID_OPTION` if there are more labels
 * than rows in a part.
 */
export function stratify(
  order: Int32Array,
  labels: readonly string[],
  sizes: readonly number[],
): Int32Array[] {
  const classes = [...new Set(labels)].sort();
  const counts = new Map(classes.map((name) => [name, 0]));
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  requireEnough(counts, sizes);
  const seats = apportion([...counts.values()], sizes);
  const left = new Map(classes.map((name, at) => [name, seats[at] ?? []]));
  const parts: number[][] = sizes.map(() => []);
  for (const row of order) {
    const free = left.get(labels[row] ?? "") ?? [];
    const at = free.findIndex((seat) => seat > 0);
    free[at] = (free[at] ?? 0) - 1;
    parts[at]?.push(row);
  }
  return parts.map((rows) => Int32Array.from(rows));
}

/**
 * Divides the rows of each class among the parts: in proportion, rounded up or down.
 *
 * @returns For each class, the number of rows for each part. The sums over the classes are the sizes of the parts.
 */
function apportion(counts: readonly number[], sizes: readonly number[]): number[][] {
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const exact = counts.map((count) => sizes.map((size) => (count * size) / all));
  // What each part lacks so far, so that rounding does not always favour the same parts.
  const lacks = sizes.map(() => 0);
  const seats = exact.map((row, at) => {
    const own = row.map(Math.floor);
    const rest = (counts[at] ?? 0) - own.reduce((sum, seat) => sum + seat, 0);
    const claim = (part: number): number => (row[part] ?? 0) - (own[part] ?? 0) + (lacks[part] ?? 0);
    const claims = sizes.map((_, part) => claim(part));
    const order = [...claims.keys()].sort((a, b) => (claims[b] ?? 0) - (claims[a] ?? 0));
    for (const part of order.slice(0, rest)) own[part] = (own[part] ?? 0) + 1;
    for (const part of sizes.keys()) lacks[part] = claim(part);
    return own;
  });
  for (;;) {
    const surplus = sizes.map((size, part) => seats.reduce((sum, row) => sum + (row[part] ?? 0), 0) - size);
    const [from, to] = [surplus.findIndex((excess) => excess > 0), surplus.findIndex((excess) => excess < 0)];
    if (from < 0) return seats;
    // Move a row of the class that was rounded up most in the one part, and down in the other.
    const gain = (row: readonly number[], at: number): number =>
      (row[from] ?? 0) > 0
        ? (row[from] ?? 0) - (exact[at]?.[from] ?? 0) - (row[to] ?? 0) + (exact[at]?.[to] ?? 0)
        : -Infinity;
    const gains = seats.map(gain);
    const moved = seats[gains.indexOf(Math.max(...gains))] ?? [];
    moved[from] = (moved[from] ?? 0) - 1;
    moved[to] = (moved[to] ?? 0) + 1;
  }
}

function requireEnough(counts: ReadonlyMap<string, number>, sizes: readonly number[]): void {
  const rare = [...counts].find(([, count]) => count < sizes.length);
  if (rare !== undefined) {
    const [label, count] = rare;
    throw new FulmineError(
      "INVALID_DATA",
      `The label ${listed([label])} has fewer examples than there are parts, so it can't be in all of them.`,
      {
        received: count,
        todo: `Each label needs at least ${sizes.length}: leave \`stratify\` out, or join rare labels.`,
      },
    );
  }
  const small = sizes.findIndex((size) => size < counts.size);
  if (small < 0) return;
  throw new FulmineError(
    "INVALID_OPTION",
    `Part ${small} of the split must have an example of each of the ${counts.size} labels.`,
    { received: sizes[small], todo: "Make the part larger, or leave `stratify` out." },
  );
}
