// Reading results in which every member may be missing, null or of another type: what is not there is
// empty, and the part of the page that would show it is left out.
import { isNumber, type Numbers, type Value } from './data';

export type Maybe<T> = T | null | undefined;
export type Interval = [low: number, high: number];

/** The members of a list that are objects. */
export function listOf<T extends object>(value: Maybe<T[]>): T[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null) : [];
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : isNumber(value) ? String(value) : '');

/** A name that is shown even where it is empty. */
export const nameOf = (value: unknown): string => textOf(value) || '(no name)';

export const numbersOf = (value: Maybe<Numbers>): Numbers =>
  Array.isArray(value) ? value.map((one) => (isNumber(one) ? one : null)) : [];

export function intervalOf(value: unknown): Interval | null {
  if (!Array.isArray(value)) return null;
  const [low, high] = value as unknown[];
  return isNumber(low) && isNumber(high) ? [Math.min(low, high), Math.max(low, high)] : null;
}

export const valueOf = (value: Value): number | null => (isNumber(value) ? value : null);

/** Places of x where it is a number larger than all before it: a chart needs x to rise. */
export function risingPlaces(x: Maybe<Numbers>): number[] {
  let last = -Infinity;
  return numbersOf(x).flatMap((value, at) => {
    if (!isNumber(value) || value <= last) return [];
    last = value;
    return [at];
  });
}

export function extent(values: Numbers): Interval | null {
  let range: Interval | null = null;
  for (const value of values) {
    if (!isNumber(value)) continue;
    range = range ? [Math.min(range[0], value), Math.max(range[1], value)] : [value, value];
  }
  return range;
}
