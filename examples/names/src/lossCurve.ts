const [WIDTH, HEIGHT, MARGIN] = [700, 320, 50] as const;

/** A plain curve of a loss over the steps, as SVG. */
export function lossCurve(means: readonly number[], window: number): string {
  const [low, high] = [Math.min(...means), Math.max(...means)];
  const x = (at: number): number => MARGIN + (at / Math.max(1, means.length - 1)) * (WIDTH - 2 * MARGIN);
  const y = (value: number): number => MARGIN + ((high - value) / (high - low)) * (HEIGHT - 2 * MARGIN);
  const points = means.map((value, at) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  const label = (value: number): string =>
    `<text x="${MARGIN - 8}" y="${y(value) + 4}" text-anchor="end">${value.toFixed(2)}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="sans-serif" font-size="13">
<title>log10 of the loss, means of ${window} steps</title>
<rect width="100%" height="100%" fill="#fff"/>
<text x="${MARGIN}" y="28" font-weight="bold">log10 of the loss, means of ${window} steps</text>
${label(low)}${label(high)}
<polyline points="${points}" fill="none" stroke="#0b62a8" stroke-width="2"/>
<text x="${WIDTH - MARGIN}" y="${HEIGHT - 18}" text-anchor="end">step ${means.length * window}</text>
</svg>
`;
}
