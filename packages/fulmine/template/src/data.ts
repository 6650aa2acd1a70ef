import { DataLoader, RandomState } from "fulmine";

/** Points on two spirals, shape [count, 2], and for each the number of its spiral, 0 or 1. */
export function spirals(count: number, seed: number): { points: Float32Array; labels: Int32Array } {
  const random = new RandomState(seed);
  const points = new Float32Array(2 * count);
  const labels = new Int32Array(count);
  for (let at = 0; at < count; at++) {
    const label = at % 2;
    const distance = 0.5 + 2.5 * random.float();
    const angle = 1.5 * distance + Math.PI * label + 0.2 * (random.float() - 0.5);
    points.set([distance * Math.cos(angle), distance * Math.sin(angle)], 2 * at);
    labels[at] = label;
  }
  return { points, labels };
}

/** Batches of 32 points. */
export function loader(count: number, seed: number, shuffle = false): DataLoader {
  const { points, labels } = spirals(count, seed);
  return new DataLoader(
    { xs: { values: points, shape: [count, 2] }, ys: labels },
    { batchSize: 32, shuffle },
  );
}
