/** A number in a few characters. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) return shortPower(value);
  return String(Number(value.toPrecision(4)));
}

function shortPower(value: number): string {
  const [digits = "", power = ""] = value.toExponential(2).split("e");
  return `${Number(digits)}e${Number(power)}`;
}

/** The fewest and the most ticks of a logarithmic axis. */
const FEWEST = 3;
const MOST = 7;

/**
 * The ticks of a logarithmic axis: powers of ten, or also their multiples by 2 and 5, or even numbers where the axis is a small
 * part of a power.
 */
export function logTicks(low: number, high: number): number[] {
  const powers = multiples(low, high, [1]);
  if (powers.length > MOST) {
    const every = Math.ceil(powers.length / MOST);
    return powers.filter((_, at) => at % every === 0);
  }
  if (powers.length >= FEWEST) return powers;
  const finer = multiples(low, high, [1, 2, 5]);
  return finer.length >= FEWEST ? finer : evenTicks(low, high);
}

function multiples(low: number, high: number, factors: readonly number[]): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++)
    for (const factor of factors) ticks.push(Number(`${factor}e${power}`));
  return ticks.filter((tick) => tick >= low && tick <= high);
}

/** About five evenly spaced round numbers. */
function evenTicks(low: number, high: number): number[] {
  const rough = (high - low) / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const ticks: number[] = [];
  for (let at = Math.ceil(low / step); at * step <= high; at++)
    ticks.push(Number((at * step).toPrecision(12)));
  return ticks;
}
