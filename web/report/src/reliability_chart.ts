// Predicted probability against observed frequency, for the methods chosen in the legend.
import uPlot from 'uplot';
import { axis } from './axes';
import { isNumber, type Bin, type Reliability } from './data';
import { h } from './dom';
import { figure, plainTable } from './figure';
import { count, fixed } from './format';
import { makeLegend, type LegendItem } from './legend';
import type { MethodOrder } from './method_order';
import { colourOf, dashOf } from './palette';
import { mountStage, type Look } from './stage';
import { wilson } from './wilson';

interface Point {
  predicted: number;
  observed: number;
  count: number;
}

interface Curve extends LegendItem {
  points: Point[];
}

const isPoint = (bin: Bin): bin is Point => isNumber(bin.predicted) && isNumber(bin.observed) && bin.count > 0;

function curvesOf(all: Reliability[], order: MethodOrder): Curve[] {
  const names = all.map((one) => one.name);
  const wanted = [order.key, 'average'].filter((name) => name !== undefined && names.includes(name));
  const shown = wanted.length > 0 ? wanted : names.slice(0, 2);
  return all
    .map((one) => ({
      label: one.name,
      colour: order.colourOf(one.name),
      strong: one.name === order.key,
      shown: shown.includes(one.name),
      points: one.bins.filter(isPoint).sort((a, b) => a.predicted - b.predicted),
    }))
    .sort((a, b) => a.colour - b.colour);
}

/** All curves over the union of their x values, after the diagonal. */
function joined(curves: Curve[]): uPlot.AlignedData {
  const xs = [...new Set([0, 1, ...curves.flatMap((curve) => curve.points.map((point) => point.predicted))])];
  xs.sort((a, b) => a - b);
  const column = (curve: Curve): (number | null)[] => {
    const byX = new Map(curve.points.map((point) => [point.predicted, point.observed]));
    return xs.map((x) => byX.get(x) ?? null);
  };
  return [xs, xs, ...curves.map(column)];
}

function drawPoint(plot: uPlot, point: Point, radius: number, width: number): void {
  const { ctx } = plot;
  const x = plot.valToPos(point.predicted, 'x', true);
  const [low, high] = wilson(point.observed, point.count).map((value) => plot.valToPos(value, 'y', true));
  ctx.lineWidth = width;
  ctx.globalAlpha = 0.5;
  ctx.beginPath();
  ctx.moveTo(x, low as number);
  ctx.lineTo(x, high as number);
  ctx.stroke();
  ctx.globalAlpha = 1;
  ctx.beginPath();
  ctx.arc(x, plot.valToPos(point.observed, 'y', true), radius, 0, 2 * Math.PI);
  ctx.fill();
}

function drawPoints(plot: uPlot, curves: Curve[], look: Look): void {
  const ratio = plot.ctx.canvas.width / plot.width;
  const most = Math.max(1, ...curves.flatMap((curve) => curve.points.map((point) => point.count)));
  plot.ctx.save();
  plot.ctx.setLineDash([]);
  curves.forEach((curve, index) => {
    if (!plot.series[index + 2]?.show) return;
    plot.ctx.fillStyle = plot.ctx.strokeStyle = colourOf(look.palette, curve.colour);
    for (const point of curve.points) {
      const radius = (2.5 + 6 * Math.sqrt(point.count / most)) * ratio * look.scale;
      drawPoint(plot, point, radius, 1.25 * ratio * look.scale);
    }
  });
  plot.ctx.restore();
}

function seriesOf(curves: Curve[], look: Look): uPlot.Series[] {
  const scaled = (dash: number[]): number[] => dash.map((part) => part * look.scale);
  const lines = curves.map((curve): uPlot.Series => ({
    stroke: colourOf(look.palette, curve.colour), width: (curve.strong ? 2.25 : 1.5) * look.scale,
    dash: scaled(dashOf(curve.colour)), spanGaps: true, points: { show: false }, show: curve.shown,
  }));
  const diagonal = { stroke: look.palette.muted, width: 1.5 * look.scale, dash: scaled([6, 5]), points: { show: false } };
  return [{}, diagonal, ...lines];
}

function plotOf(curves: Curve[], look: Look): uPlot {
  const side = Math.min(look.width, look.scale > 1 ? 360 * look.scale : 460);
  return new uPlot({
    width: side, height: side, series: seriesOf(curves, look), legend: { show: false },
    padding: [10 * look.scale, 14 * look.scale, 0, 0],
    focus: { alpha: 0.25 },
    cursor: { show: false },
    scales: { x: { time: false, range: () => [-0.02, 1.02] }, y: { range: () => [-0.02, 1.02] } },
    axes: [
      axis({ look, log: false, most: 5, vertical: false }),
      axis({ look, log: false, most: 5, vertical: true }),
    ],
    hooks: { draw: [(plot) => drawPoints(plot, curves, look)] },
  }, joined(curves));
}

function numbers(curves: Curve[]): HTMLElement {
  const rows = curves.flatMap((curve) => curve.points.map((point) =>
    [curve.label, fixed(3)(point.predicted), fixed(3)(point.observed), count(point.count)]));
  return plainTable('Reliability', ['Method', 'Predicted', 'Observed', 'Count'], rows);
}

export function reliabilityFigure(all: Reliability[], order: MethodOrder): HTMLElement | null {
  const curves = curvesOf(all, order).filter((curve) => curve.points.length > 0);
  if (curves.length === 0) return null;
  const host = h('div', {
    class: 'plot square', role: 'img',
    'aria-label': `Reliability diagram: predicted probability against observed frequency for ${curves.map((c) => c.label).join(', ')}.`,
  });
  const legend = makeLegend(curves, {
    toggle: (index, shown) => {
      const curve = curves[index];
      if (curve) curve.shown = shown;
      stage.plot()?.setSeries(index + 2, { show: shown });
    },
    focus: () => undefined,
  });
  const stage = mountStage(host, (look) => {
    legend.paint(look.palette);
    return plotOf(curves, look);
  });
  legend.setHeading('Predictions counted');
  curves.forEach((curve, index) => legend.setValue(index, count(curve.points.reduce((sum, point) => sum + point.count, 0))));
  return figure({
    heading: 'Reliability', legend: legend.element,
    plot: h('div', { class: 'plot-frame' }, h('p', { class: 'axis-name' }, 'observed frequency'), host,
      h('p', { class: 'axis-name axis-name-x square' }, 'predicted probability')),
    notes: ['Larger dots hold more predictions; the thin bars are 95 % intervals of the observed frequency (Wilson).'],
    lead: 'When a method says 70 %, does it happen 70 % of the time? Points on the dashed diagonal say yes; a curve flatter than it is too sure of itself, a steeper one too timid.',
    numbers: () => numbers(curves),
  });
}
