// Cumulative regret against settled slots, both axes logarithmic.
import { logRange, type Range } from './axes';
import { isNumber, type Numbers, type RegretCurves, type RegretSeries } from './data';
import { figure, plainTable } from './figure';
import { compact, count } from './format';
import { lineChart, type Guide, type Line } from './line_chart';
import type { MethodOrder } from './method_order';

const decadesShown = 1e5;

const positives = (values: Numbers): number[] => values.filter((value): value is number => isNumber(value) && value > 0);

function lastPositive(values: Numbers): number | undefined {
  return positives(values).pop();
}

function yRangeOf(lines: Line[]): Range {
  const shown = lines.filter((line) => line.shown && positives(line.values).length > 0);
  const values = (shown.length > 0 ? shown : lines).flatMap((line) =>
    positives([...line.values, ...(line.high ?? []), ...(line.bound ?? [])]));
  if (values.length === 0) return [0.1, 10];
  const max = values.reduce((a, b) => Math.max(a, b));
  const min = values.reduce((a, b) => Math.min(a, b));
  return logRange(Math.max(min, max / decadesShown), max);
}

/** c * sqrt(t) through the middle of the chart as it is first seen. */
function guideThrough(t: number[], [low, high]: Range): Guide {
  const middle = Math.sqrt((t[0] as number) * (t[t.length - 1] as number));
  return { label: '∝ √T', values: t.map((now) => Math.sqrt(low * high) * Math.sqrt(now / middle)) };
}

function linesOf(curves: RegretCurves, order: MethodOrder): Line[] {
  const height = (one: RegretSeries): number => lastPositive(one.regret) ?? 0;
  return [...curves.series].sort((a, b) => height(b) - height(a)).map((one) => ({
    label: one.name,
    colour: order.colourOf(one.name),
    strong: one.name === order.key,
    shown: order.isMain(one.name),
    values: one.regret,
    ...(one.low && one.high ? { low: one.low, high: one.high } : {}),
    ...(one.bound ? { bound: one.bound } : {}),
  }));
}

function notesOf(curves: RegretCurves): string[] {
  const notes: string[] = [];
  const never = curves.series.filter((one) => positives(one.regret).length === 0).map((one) => one.name);
  const some = curves.series.some((one) => one.regret.some((value) => isNumber(value) && value <= 0));
  if (some) notes.push('A logarithmic axis has no place for zero or below: where a line has a gap, the method was level with the best worker or ahead of it.');
  if (never.length > 0) notes.push(`Never above zero, and so not drawn: ${never.join(', ')}.`);
  const all = curves.series.flatMap((one) => positives(one.regret));
  const most = all.reduce((a, b) => Math.max(a, b), 0);
  if (all.some((value) => value < most / decadesShown))
    notes.push('Values more than five powers of ten under the largest lie below the chart; they are in the numbers.');
  if (curves.series.some((one) => one.low)) notes.push('Ribbons show the spread over the repetitions; one that meets the lower edge reaches zero.');
  return notes;
}

function numbers(curves: RegretCurves): HTMLElement {
  const rows = curves.t.map((t, at) => [count(t), ...curves.series.map((one) => compact(one.regret[at]))]);
  return plainTable('Cumulative regret', ['Settled slots', ...curves.series.map((one) => one.name)], rows);
}

function describe(curves: RegretCurves): string {
  const ends = curves.series.map((one) => `${one.name} ${compact(one.regret[one.regret.length - 1])}`);
  return `Line chart of cumulative regret after ${count(curves.t[curves.t.length - 1])} settled slots: ${ends.join(', ')}.`;
}

export interface RegretFigureOptions {
  level?: 2 | 3;
  explain?: boolean;
}

export function regretFigure(all: RegretCurves, order: MethodOrder, { level = 2, explain = true }: RegretFigureOptions = {}): HTMLElement | null {
  const keep = all.t.map((t, at) => (t > 0 ? at : -1)).filter((at) => at >= 0);
  if (keep.length === 0 || all.series.length === 0) return null;
  const pick = (values: Numbers): Numbers => keep.map((at) => values[at]);
  const curves: RegretCurves = {
    t: keep.map((at) => all.t[at] as number),
    series: all.series.map((one) => ({
      name: one.name,
      regret: pick(one.regret),
      ...(one.low && one.high ? { low: pick(one.low), high: pick(one.high) } : {}),
      ...(one.bound ? { bound: pick(one.bound) } : {}),
    })),
  };
  const lines = linesOf(curves, order);
  const chart = lineChart({
    t: curves.t, lines, guide: guideThrough(curves.t, yRangeOf(lines)),
    xRange: logRange(curves.t[0] as number, curves.t[curves.t.length - 1] as number),
    yRange: () => yRangeOf(lines),
    xLog: true, yLog: true, yLabel: 'cumulative regret (log scale)', description: describe(curves), format: compact,
  });
  return figure({
    heading: 'Regret over time', level, plot: chart.plot, legend: chart.legend, notes: notesOf(curves),
    lead: !explain ? '' : 'How much more loss each method has gathered than the best single worker. A line as steep as the dashed √T guide falls behind ever more slowly; a steeper one keeps losing.',
    numbers: () => numbers(curves),
  });
}
