// Means of neighbours, so that the course of a noisy curve can be seen.
import { isNumber, type Numbers } from './data';

const enough = 60;

/** How many neighbours a mean is over: an odd number, about a 25th of the curve; 1 for a short curve. */
export function windowOf(values: Numbers): number {
  const count = values.filter(isNumber).length;
  return count < enough ? 1 : 2 * Math.ceil(count / 50) + 1;
}

/** The mean of the `width` values around each value, of those that there are at the ends. */
export function smoothed(values: Numbers, width: number): (number | null)[] {
  const known = values.flatMap((value, at) => (isNumber(value) ? [{ value, at }] : []));
  const sums = [0];
  for (const { value } of known) sums.push((sums[sums.length - 1] as number) + value);
  const out: (number | null)[] = values.map(() => null);
  known.forEach(({ at }, place) => {
    const reach = (width - 1) / 2;
    const [from, to] = [Math.max(0, place - reach), Math.min(known.length, place + reach + 1)];
    out[at] = ((sums[to] as number) - (sums[from] as number)) / (to - from);
  });
  return out;
}

/** At most `most` places out of `length`, evenly spread, first and last among them. */
export function thinned(length: number, most: number): number[] {
  if (length <= most) return Array.from({ length }, (_, at) => at);
  return Array.from({ length: most }, (_, k) => Math.round((k * (length - 1)) / (most - 1)));
}
