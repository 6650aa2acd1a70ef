/**
 * A running mean that weighs recent values most: `mean = β·mean + (1-β)·value`, divided by `1-β^k` after k values so that
 * it is not drawn towards zero at first (Kingma and Ba 2015, §3).
 *
 * @param beta - How much of the mean is kept at each value, in [0, 1); 0 does not smooth at all.
 * @returns A function that takes the next value and gives the mean so far.
 */
export function makeSmoother(beta: number): (value: number) => number {
  let mean = 0;
  let count = 0;
  return (value) => {
    count += 1;
    mean = beta * mean + (1 - beta) * value;
    return mean / (1 - beta ** count);
  };
}
