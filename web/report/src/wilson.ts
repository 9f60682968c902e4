/** 95 % interval of a frequency observed in `count` trials (Wilson 1927, score interval). */
export function wilson(frequency: number, count: number): [low: number, high: number] {
  const z = 1.96;
  const centre = (frequency + (z * z) / (2 * count)) / (1 + (z * z) / count);
  const half = (z / (1 + (z * z) / count)) * Math.sqrt((frequency * (1 - frequency)) / count + (z * z) / (4 * count * count));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
