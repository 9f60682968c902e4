// Ranges and ticks of linear and logarithmic axes.
import type uPlot from 'uplot';
import { tick } from './format';
import type { Look } from './stage';

export type Range = [min: number, max: number];

/** 1-2-5 or whole powers of ten inside [min, max]; every k-th power where there are too many. */
export function logTicks(min: number, max: number, most: number): number[] {
  const first = Math.floor(Math.log10(min));
  const last = Math.ceil(Math.log10(max));
  const decades = Math.log10(max / min);
  const factors = decades * 3 <= most ? [1, 2, 5] : [1];
  const step = factors.length > 1 ? 1 : Math.max(1, Math.ceil(decades / most));
  const ticks: number[] = [];
  for (let power = first; power <= last; ++power) {
    if (power % step !== 0) continue;
    for (const factor of factors) ticks.push(factor * 10 ** power);
  }
  return ticks.filter((value) => value >= min * 0.999 && value <= max * 1.001);
}

/** Multiples of 1, 2 or 5 times a power of ten, and of `least` or more, inside [min, max]. */
export function linearTicks(min: number, max: number, most: number, least = 0): number[] {
  const rough = Math.max(least, (max - min) / Math.max(1, most));
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999) ?? 10) * power;
  const ticks: number[] = [];
  for (let k = Math.ceil(min / step - 1e-9); k * step <= max + step * 1e-9; ++k) ticks.push(k === 0 ? 0 : k * step);
  return ticks;
}

/** A logarithmic range a little wider than the values. */
export function logRange(min: number, max: number): Range {
  const pad = Math.max(1.05, (max / min) ** 0.03);
  return [min / pad, max * pad];
}

export interface AxisOptions {
  look: Look;
  log: boolean;
  most: number;
  vertical: boolean;
  /** Ticks at whole numbers only. */
  whole?: boolean;
  /** How a tick is written. */
  text?(value: number): string;
}

export function axis({ look, log, most, vertical, whole = false, text = tick }: AxisOptions): uPlot.Axis {
  const { palette, scale } = look;
  const splits = (_: uPlot, __: number, min: number, max: number): number[] =>
    log ? logTicks(min, max, most) : linearTicks(min, max, most, whole ? 1 : 0);
  return {
    stroke: palette.text,
    font: `${12 * scale}px system-ui, sans-serif`,
    grid: { stroke: palette.grid, width: scale },
    ticks: { show: false },
    border: vertical ? { show: false } : { show: true, stroke: palette.muted, width: scale },
    gap: 7 * scale,
    size: (vertical ? 52 : 30) * scale,
    splits,
    filter: (_, values) => values,
    values: (_, values) => values.map((value) => (value === null ? '' : text(value))),
  };
}
