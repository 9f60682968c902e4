// A dot and its interval for each method on one axis, and a line where everything started.
import { linearTicks, type Range } from './axes';
import { h, svg } from './dom';
import type { Format } from './format';
import type { Interval } from './loose';
import { intervalText, tickOf } from './measures';
import { colourOf, type Palette } from './palette';
import { dotRange, type Dot, type DotRow } from './ranges';
import { keepPainted } from './stage';

export interface DotChartOptions {
  rows: DotRow[];
  guide: Dot & { label: string };
  /** What the dots of a row are called, where a row has two. */
  names: string[];
  format: Format;
  axisName: string;
}

const rowHeight = 34;

/** Place on the axis as a percentage, which stays right at any width. */
const placer = ([low, high]: Range) => (value: number): string => `${((100 * (value - low)) / (high - low)).toFixed(3)}%`;

type Place = (value: number) => string;

function dotMarks(dot: Dot, row: DotRow, y: number, hollow: boolean, place: Place, palette: Palette): SVGElement[] {
  const colour = colourOf(palette, row.colour);
  const marks: SVGElement[] = [];
  if (dot.interval) {
    const [low, high] = dot.interval;
    const stroke = { stroke: colour, 'stroke-width': row.strong ? 3 : 2, 'stroke-linecap': 'round' };
    marks.push(svg('line', { x1: place(low), x2: place(high), y1: y, y2: y, ...stroke }));
  }
  if (dot.value !== null)
    marks.push(svg('circle', { cx: place(dot.value), cy: y, r: row.strong ? 6 : 5, stroke: colour, 'stroke-width': 2, fill: hollow ? palette.background : colour }));
  return marks;
}

function guideMarks(guide: Dot, ticks: number[], height: number, place: Place, palette: Palette): SVGElement[] {
  const upright = (value: number, more: Record<string, string | number>): SVGElement =>
    svg('line', { x1: place(value), x2: place(value), y1: 0, y2: height, ...more });
  const marks = ticks.map((value) => upright(value, { stroke: palette.grid }));
  if (guide.interval) {
    const [low, high] = guide.interval.map((value) => parseFloat(place(value))) as Interval;
    marks.push(svg('rect', { x: `${low}%`, width: `${Math.max(0, high - low)}%`, y: 0, height, fill: palette.muted, 'fill-opacity': 0.16 }));
  }
  if (guide.value !== null) marks.push(upright(guide.value, { stroke: palette.muted, 'stroke-width': 1.5, 'stroke-dasharray': '6 5' }));
  return marks;
}

/** Values in words beside the picture, so that it need not be seen. */
function valueText(row: DotRow, options: DotChartOptions): HTMLElement[] {
  return row.dots.flatMap((dot, at) => {
    if (dot.value === null && at > 0) return [];
    const name = options.names[at] && row.dots.length > 1 ? h('span', { class: 'hidden' }, ` ${options.names[at]}: `) : null;
    return [h('span', {}, name, h('b', {}, options.format(dot.value)),
      dot.interval ? h('span', { class: 'error' }, intervalText(options.format, dot.interval)) : null)];
  });
}

function picture(row: DotRow, options: DotChartOptions, range: Range, ticks: number[]): SVGElement {
  const place = placer(range);
  const both = row.dots.length > 1;
  const height = both ? rowHeight + 10 : rowHeight;
  const graph = svg('svg', { class: 'dots', width: '100%', height, 'aria-hidden': 'true' });
  keepPainted((palette) => graph.replaceChildren(...guideMarks(options.guide, ticks, height, place, palette),
    ...row.dots.flatMap((dot, at) => dotMarks(dot, row, both ? height * (at === 0 ? 0.32 : 0.68) : height / 2, at > 0, place, palette))));
  return graph;
}

function axisRow(options: DotChartOptions, range: Range, ticks: number[]): HTMLElement {
  const place = placer(range);
  const text = tickOf(options.format);
  const labels = ticks.map((value) => {
    const label = h('span', {}, text(value));
    label.style.left = place(value);
    return label;
  });
  return h('div', { class: 'dot-axis', 'aria-hidden': 'true' }, h('span'), h('div', { class: 'dot-ticks' }, ...labels), h('span'));
}

/** The name of the line, where the line is; it turns to the other side before it leaves the chart. */
function guideRow({ guide, format }: DotChartOptions, range: Range): HTMLElement | null {
  if (guide.value === null) return null;
  const left = parseFloat(placer(range)(guide.value));
  const label = h('span', { class: left > 50 ? 'before' : '' }, `${guide.label} ${format(guide.value)}`);
  if (left > 50) label.style.right = `${100 - left}%`;
  else label.style.left = `${left}%`;
  return h('div', { class: 'dot-axis' }, h('span'), h('div', { class: 'dot-guide' }, label), h('span'));
}

function keyOf(names: string[]): HTMLElement {
  const mark = (hollow: boolean): SVGElement => svg('svg', { width: 14, height: 14, 'aria-hidden': 'true' },
    svg('circle', { cx: 7, cy: 7, r: 5, stroke: 'currentColor', 'stroke-width': 2, fill: hollow ? 'none' : 'currentColor' }));
  return h('ul', { class: 'dot-key' }, ...names.map((name, at) => h('li', {}, mark(at > 0), name)));
}

export function dotChart(options: DotChartOptions): HTMLElement {
  const range = dotRange(options);
  const ticks = linearTicks(range[0], range[1], 4);
  const rows = options.rows.map((row) => h('li', {},
    h('span', { class: 'dot-name' }, row.strong ? h('strong', {}, row.name) : row.name, row.tag ? h('span', { class: 'tag' }, row.tag) : null),
    picture(row, options, range, ticks), h('span', { class: 'dot-value' }, ...valueText(row, options))));
  const both = options.rows.some((row) => row.dots.length > 1);
  return h('div', { class: 'dot-chart' }, both ? keyOf(options.names) : null, guideRow(options, range),
    h('ol', {}, ...rows), axisRow(options, range, ticks), h('p', { class: 'axis-name dot-axis-name' }, options.axisName));
}
