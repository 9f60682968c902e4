// Numbers as people read them. A missing value is an en dash.
import { isNumber, type Value } from './data';

export type Format = (value: Value) => string;

const missing = '–';
/** A true minus sign, and none before a zero. */
const minus = (text: string): string => (Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−'));

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export const count: Format = (value) => (isNumber(value) ? minus(grouped.format(value)) : missing);

export const fixed = (digits: number): Format => (value) =>
  isNumber(value) ? minus(value.toFixed(digits)) : missing;

export const percent: Format = (value) => (isNumber(value) ? `${fixed(1)(value * 100)} %` : missing);

/** Three or four significant digits: 12,345 · 123.4 · 12.34 · 0.123 · 0.00012 · 1.2e−7. */
export const compact: Format = (value) => {
  if (!isNumber(value)) return missing;
  const size = Math.abs(value);
  if (size >= 1000) return count(value);
  if (size >= 100) return fixed(1)(value);
  if (size >= 1 || size === 0) return fixed(2)(value);
  if (size >= 0.001) return fixed(Math.min(5, 2 - Math.floor(Math.log10(size))))(value);
  return minus(value.toExponential(1));
};

/** Ticks of an axis: no trailing zeros. */
export const tick = (value: number): string => {
  const size = Math.abs(value);
  if (size >= 1e7 || (size > 0 && size < 1e-4)) return minus(value.toExponential(0).replace('e+', 'e'));
  return minus(value.toLocaleString('en', { maximumSignificantDigits: 4 }));
};
