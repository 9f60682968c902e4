// Weights over time of the workers with the highest and the lowest weight at the end.
import { logRange, type Range } from './axes';
import { isNumber, type Numbers, type WeightCurves } from './data';
import { h } from './dom';
import { figure, plainTable } from './figure';
import { compact, count } from './format';
import { lineChart, type Line, type LineChart } from './line_chart';

const topCount = 8;

const lastOf = (values: Numbers): number => [...values].reverse().find(isNumber) ?? 0;

function linesOf(curves: WeightCurves): Line[] {
  const ranked = [...curves.series].sort((a, b) => lastOf(b.weight) - lastOf(a.weight));
  const groups = ranked.length > topCount;
  return ranked.map((one, rank) => {
    const top = rank < topCount;
    return {
      label: one.worker,
      colour: top ? rank : -(rank - topCount + 1),
      shown: true,
      values: one.weight,
      ...(groups ? { group: top ? 'Highest at the end' : 'Lowest at the end' } : {}),
    };
  });
}

function rangeOf(curves: WeightCurves, log: boolean): Range {
  const values = curves.series.flatMap((one) => one.weight.filter(isNumber));
  const max = values.reduce((a, b) => Math.max(a, b), 0) || 1;
  if (!log) return [0, max * 1.05];
  const min = values.filter((value) => value > 0).reduce((a, b) => Math.min(a, b), max);
  return logRange(Math.max(min, max * 1e-12), max === min ? max * 2 : max);
}

function numbers(curves: WeightCurves): HTMLElement {
  const rows = curves.t.map((t, at) => [count(t), ...curves.series.map((one) => compact(one.weight[at]))]);
  return plainTable('Weights', ['Settled slots', ...curves.series.map((one) => one.worker)], rows);
}

function chartOf(curves: WeightCurves, yLog: boolean): LineChart {
  const end = curves.t[curves.t.length - 1] ?? 1;
  const start = curves.t[0] ?? 0;
  const range = rangeOf(curves, yLog);
  return lineChart({
    t: curves.t, lines: linesOf(curves), xRange: [start, end > start ? end : start + 1], yRange: () => range,
    xLog: false, yLog, yLabel: `weight${yLog ? ' (log scale)' : ''}`, format: compact,
    description: `Line chart of the weights of ${curves.series.length} workers over ${count(end)} settled slots.`,
  });
}

export function weightFigure(curves: WeightCurves): HTMLElement | null {
  if (curves.t.length === 0 || curves.series.length === 0) return null;
  let chart = chartOf(curves, false);
  const button = h('button', {
    type: 'button', class: 'control', 'aria-pressed': 'false',
    click: () => {
      const log = button.getAttribute('aria-pressed') !== 'true';
      button.setAttribute('aria-pressed', String(log));
      const next = chartOf(curves, log);
      chart.stage.release();
      chart.plot.replaceWith(next.plot);
      chart.legend.replaceWith(next.legend);
      chart = next;
    },
  }, 'Logarithmic weights');
  const zeros = curves.series.some((one) => one.weight.some((value) => isNumber(value) && value <= 0));
  return figure({
    heading: 'Weights over time', plot: chart.plot, legend: chart.legend, controls: h('p', { class: 'controls' }, button),
    notes: zeros ? ['On the logarithmic scale a weight of zero leaves a gap.'] : [],
    lead: 'Whom the weight rule has learned to follow, and whom it has learned to ignore.',
    numbers: () => numbers(curves),
  });
}
