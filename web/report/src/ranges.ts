// How far the axes of small charts reach.
import type { Range } from './axes';
import type { Numbers } from './data';
import { extent, type Interval } from './loose';

export interface PanelLine {
  label: string;
  values: Numbers;
  low?: Numbers;
  high?: Numbers;
}

/** From zero where that costs little; shares stay between 0 and 1. */
export function panelRange(lines: PanelLine[], share: boolean): Range {
  const [low, high] = extent(lines.flatMap((line) => [...line.values, ...(line.low ?? []), ...(line.high ?? [])])) ?? [0, 1];
  const pad = high > low ? 0.07 * (high - low) : Math.max(0.05 * Math.abs(high), 1e-6);
  const from = low >= 0 && low < 0.4 * high ? 0 : low - pad;
  return share ? [Math.max(0, from), Math.min(1.005, high + pad)] : [from, high + pad];
}

export interface Dot {
  value: number | null;
  interval: Interval | null;
}

export interface DotRow {
  name: string;
  colour: number;
  strong: boolean;
  tag: string;
  /** One dot, or two to compare: the second is hollow. */
  dots: Dot[];
}

export function dotRange(options: { rows: DotRow[]; guide: Dot }): Range {
  const all: Numbers = [...options.rows.flatMap((row) => row.dots), options.guide].flatMap((dot) => [dot.value, ...(dot.interval ?? [])]);
  const [low, high] = extent(all) ?? [0, 1];
  const pad = high > low ? 0.04 * (high - low) : Math.max(Math.abs(high) * 0.05, 1e-6);
  return [low - pad, high + pad];
}
