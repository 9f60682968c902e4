// One small chart of a set that shares x: a name, what it means, the value under the cursor, the lines.
import uPlot from 'uplot';
import { axis, type Range } from './axes';
import { isNumber, type Numbers } from './data';
import { h, svg } from './dom';
import type { Format } from './format';
import { tickOf } from './measures';
import { colourOf, dashOf, withAlpha } from './palette';
import { panelRange, type PanelLine } from './ranges';
import { smoothed, windowOf } from './smoothing';
import { mountStage, type Look, type Stage } from './stage';

export interface PanelOptions {
  title: string;
  about: string;
  unit: string;
  x: number[];
  lines: PanelLine[];
  /** Values of x at which a thin upright line stands. */
  marks: number[];
  format: Format;
  share: boolean;
  /** What stands beside a line's name while the cursor is nowhere. */
  rest(line: PanelLine): string;
  /** The cursor is at this place of x, or nowhere. */
  onCursor(at: number | null): void;
}

export interface Panel {
  element: HTMLElement;
  /** Puts the cursor and the numbers at a place of x, or takes the cursor away. */
  show(at: number | null): void;
}

const paperWidth = 205;
const plotHeight = 150;

function seriesOf(options: PanelOptions, look: Look): { data: Numbers[]; series: uPlot.Series[]; bands: uPlot.Band[] } {
  const data: Numbers[] = [options.x];
  const series: uPlot.Series[] = [{}];
  const bands: uPlot.Band[] = [];
  const add = (values: Numbers, one: uPlot.Series): void => {
    data.push(values.map((value) => value ?? null));
    series.push({ points: { show: false }, spanGaps: true, ...one });
  };
  options.lines.forEach((line, index) => {
    const colour = colourOf(look.palette, index);
    if (line.low && line.high) {
      add(line.high, { width: 0, stroke: 'transparent' });
      add(line.low, { width: 0, stroke: 'transparent' });
      bands.push({ series: [series.length - 2, series.length - 1], fill: withAlpha(colour, 0.16) });
    }
    const width = windowOf(line.values);
    if (width > 1) add(line.values, { stroke: withAlpha(colour, 0.35), width: look.scale });
    const few = line.values.filter(isNumber).length <= 12;
    add(width > 1 ? smoothed(line.values, width) : line.values, {
      stroke: colour, width: 2 * look.scale, dash: dashOf(index).map((part) => part * look.scale),
      points: { show: few, size: 5 * look.scale, fill: colour },
    });
  });
  return { data, series, bands };
}

function drawMarks(plot: uPlot, marks: number[], look: Look): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = look.palette.muted;
  ctx.globalAlpha = 0.45;
  ctx.lineWidth = look.scale;
  ctx.setLineDash([2 * look.scale, 3 * look.scale]);
  for (const mark of marks) {
    const x = Math.round(plot.valToPos(mark, 'x', true));
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

function plotOf(options: PanelOptions, look: Look): uPlot {
  const { data, series, bands } = seriesOf(options, look);
  const first = options.x[0] ?? 0;
  const last = options.x[options.x.length - 1] ?? 1;
  const xRange: Range = last > first ? [first, last] : [first - 1, first + 1];
  const yRange = panelRange(options.lines, options.share);
  return new uPlot({
    width: look.width, height: plotHeight * (look.scale > 1 ? 1.5 : 1), series, bands, legend: { show: false },
    padding: [8 * look.scale, 12 * look.scale, 0, 0],
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: { x: { time: false, range: () => xRange }, y: { range: () => yRange } },
    axes: [
      axis({ look, log: false, most: 4, vertical: false, whole: true }),
      axis({ look, log: false, most: 4, vertical: true, text: tickOf(options.format) }),
    ],
    hooks: {
      drawClear: [(plot) => drawMarks(plot, options.marks, look)],
      setCursor: [(plot) => options.onCursor((plot.cursor.left ?? -1) >= 0 ? (plot.cursor.idx ?? null) : null)],
    },
  }, data as uPlot.AlignedData);
}

interface ReadOut {
  mark: HTMLElement;
  value: HTMLElement;
  element: HTMLElement;
}

function readOutOf(line: PanelLine, alone: boolean): ReadOut {
  const mark = h('span', { class: 'swatch' });
  const value = h('span', { class: 'panel-value' });
  return { mark, value, element: h('li', {}, alone ? null : mark, alone ? null : h('span', {}, line.label), value) };
}

function swatch(index: number, look: Look): SVGElement {
  const line = svg('line', {
    x1: 0, y1: 5, x2: 20, y2: 5, 'stroke-width': 2, stroke: colourOf(look.palette, index), 'stroke-dasharray': dashOf(index).join(' ') || 'none',
  });
  return svg('svg', { width: 20, height: 10, 'aria-hidden': 'true' }, line);
}

/** Puts the cursor over a place of x without telling anybody. */
function moveCursor(stage: Stage, options: PanelOptions, at: number | null): void {
  const plot = stage.plot();
  const x = at === null ? undefined : options.x[at];
  plot?.setCursor({ left: x === undefined ? -10 : plot.valToPos(x, 'x'), top: x === undefined ? -10 : 1 }, false);
}

export function makePanel(options: PanelOptions): Panel {
  const readOuts = options.lines.map((line) => readOutOf(line, options.lines.length === 1));
  const ends = options.lines.map((line) => `${line.label} ${options.rest(line)}`).join(', ');
  const host = h('div', { class: 'plot', role: 'img', 'aria-label': `Line chart of ${options.title}: ${ends}.` });
  const stage = mountStage(host, (look) => {
    readOuts.forEach(({ mark }, index) => mark.replaceChildren(swatch(index, look)));
    return plotOf(options, look);
  }, paperWidth);
  const show = (at: number | null): void => {
    options.lines.forEach((line, index) => {
      const readOut = readOuts[index];
      if (readOut) readOut.value.textContent = at === null ? options.rest(line) : options.format(line.values[at]);
    });
    moveCursor(stage, options, at);
  };
  show(null);
  const title = h('h3', {}, options.title, options.unit && options.unit !== '%' ? h('span', { class: 'unit' }, `, ${options.unit}`) : null);
  const element = h('div', { class: 'panel' }, title, h('p', { class: 'about' }, options.about),
    h('ul', { class: 'read-out' }, ...readOuts.map((readOut) => readOut.element)), host);
  return { element, show };
}
