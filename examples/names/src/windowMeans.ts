/** The means of windows of a series, one after the other; a last one that is short is left out. */
export function windowMeans(series: readonly number[], size: number): number[] {
  return Array.from({ length: Math.floor(series.length / size) }, (_, window) => {
    const part = series.slice(window * size, (window + 1) * size);
    return part.reduce((sum, value) => sum + value, 0) / size;
  });
}
