// Belief by report: what each report gains over honesty. Honest reports lie on the diagonal.
import { isNumber } from './data';
import { nothing, type HeatMap } from './audit_data';
import { freshId, h, svg } from './dom';
import { figureTable } from './heat_numbers';
import { compact, tick } from './format';

const steps = 6;
const box = { left: 66, top: 8, width: 492, height: 340, bottom: 44 };

interface Range {
  most: number;   // the largest gain, 0 if none
  least: number;  // the largest loss, as a negative number
}

function rangeOf(map: HeatMap): Range {
  const all = map.gain.flat().filter(isNumber);
  return { most: Math.max(0, ...all), least: Math.min(0, ...all) };
}

/** "gain-4", "loss-2", "even": square roots of the part of the range, so that small gains are seen. */
export function toneOf(gain: number, { most, least }: Range): string {
  if (Math.abs(gain) <= nothing) return 'even';
  const part = Math.sqrt(gain > 0 ? gain / most : gain / least);
  return `${gain > 0 ? 'gain' : 'loss'}-${Math.min(steps, Math.max(1, Math.ceil(part * steps)))}`;
}

interface Cell {
  belief: number;
  report: number;
  gain: number | null;
}

const sentence = (cell: Cell): string => {
  if (cell.gain === null) return '';
  const what = Math.abs(cell.gain) <= nothing ? 'as good as honesty' : `${cell.gain > 0 ? 'gains' : 'loses'} ${compact(Math.abs(cell.gain))}`;
  return `Belief ${tick(cell.belief)}, report ${tick(cell.report)}: ${what}.`;
};

function cellsOf(map: HeatMap, range: Range): SVGElement[] {
  const w = box.width / map.reports.length;
  const high = box.height / map.beliefs.length;
  return map.beliefs.flatMap((_, row) => map.reports.map((_report, column) => {
    const gain = map.gain[row]?.[column];
    return svg('rect', {
      class: isNumber(gain) ? toneOf(gain, range) : 'missing',
      x: (box.left + column * w).toFixed(2), y: (box.top + box.height - (row + 1) * high).toFixed(2),
      width: (w + 0.3).toFixed(2), height: (high + 0.3).toFixed(2),
    });
  }));
}

/** Where the middle of the cell for a value lies, 0 to 1; values are spaced evenly and rise. */
function place(values: number[], value: number): number {
  const first = values[0] ?? 0;
  const last = values[values.length - 1] ?? 1;
  const at = last > first ? (value - first) / (last - first) : 0;
  return (at * (values.length - 1) + 0.5) / values.length;
}

const xOf = (map: HeatMap, report: number): number => box.left + box.width * place(map.reports, report);
const yOf = (map: HeatMap, belief: number): number => box.top + box.height * (1 - place(map.beliefs, belief));

function axes(map: HeatMap): SVGElement[] {
  const bottom = box.top + box.height;
  const marks = [0, 0.25, 0.5, 0.75, 1].flatMap((value) => [
    svg('text', { class: 'tick', x: xOf(map, value), y: bottom + 18, 'text-anchor': 'middle' }, tick(value)),
    svg('text', { class: 'tick', x: box.left - 7, y: yOf(map, value) + 4, 'text-anchor': 'end' }, tick(value)),
  ]);
  const middle = box.top + box.height / 2;
  return [...marks,
    svg('text', { class: 'tick', x: box.left + box.width / 2, y: bottom + 38, 'text-anchor': 'middle' }, 'report'),
    svg('text', { class: 'tick', x: 16, y: middle, 'text-anchor': 'middle', transform: `rotate(-90 16 ${middle})` }, 'belief')];
}

function bestReport(map: HeatMap, row: number): Cell {
  const gains = map.gain[row] ?? [];
  let at = 0;
  gains.forEach((gain, column) => { if (isNumber(gain) && gain > (gains[at] ?? -Infinity)) at = column; });
  return { belief: map.beliefs[row] ?? 0, report: map.reports[at] ?? 0, gain: gains[at] ?? null };
}

/** The honest diagonal, and where the best report lies elsewhere, a dot. */
function overlay(map: HeatMap): SVGElement[] {
  const ends = [Math.max(map.beliefs[0] ?? 0, map.reports[0] ?? 0), Math.min(map.beliefs.at(-1) ?? 1, map.reports.at(-1) ?? 1)];
  const [from = 0, to = 1] = ends;
  const line = { x1: xOf(map, from), y1: yOf(map, from), x2: xOf(map, to), y2: yOf(map, to) };
  const dots = map.beliefs.map((_, row) => bestReport(map, row)).filter((cell) => (cell.gain ?? 0) > nothing)
    .map((cell) => svg('circle', { class: 'best', cx: xOf(map, cell.report), cy: yOf(map, cell.belief), r: 3.4 }));
  return [svg('line', { class: 'honest-halo', ...line }), svg('line', { class: 'honest', ...line }), ...dots];
}

function legend(range: Range): HTMLElement {
  const swatches = (kind: string, order: number[]): HTMLElement[] =>
    order.map((step) => h('span', { class: `swatch-box ${kind}-${step}` }));
  const scale = h('div', { class: 'tones', 'aria-hidden': 'true' },
    h('span', {}, range.least < -nothing ? compact(range.least) : ''),
    ...(range.least < -nothing ? swatches('loss', [6, 5, 4, 3, 2, 1]) : []), h('span', { class: 'swatch-box even' }),
    ...(range.most > nothing ? swatches('gain', [1, 2, 3, 4, 5, 6]) : []),
    h('span', {}, range.most > nothing ? `+${compact(range.most)}` : '0'));
  const words = range.most > nothing ? 'Orange: the lie gains. Blue: it costs.' : 'Blue: the lie costs. No report gains anything.';
  const dots = range.most > nothing ? ' A dot marks the best report where it is not the honest one.' : '';
  return h('div', { class: 'tone-legend' }, scale, h('p', { class: 'note' }, `${words} The line is honesty.${dots}`));
}

/** The cell under the pointer or, with the arrow keys, under the cursor is read out below. */
function explore(map: HeatMap, picture: SVGElement, status: HTMLElement): void {
  const cursor = svg('rect', { class: 'cursor', width: box.width / map.reports.length, height: box.height / map.beliefs.length });
  let row = Math.floor(map.beliefs.length / 2);
  let column = Math.floor(map.reports.length / 2);
  const show = (): void => {
    cursor.setAttribute('x', String(box.left + (column * box.width) / map.reports.length));
    cursor.setAttribute('y', String(box.top + box.height - ((row + 1) * box.height) / map.beliefs.length));
    if (!cursor.isConnected) picture.append(cursor);
    status.textContent = sentence({ belief: map.beliefs[row] ?? 0, report: map.reports[column] ?? 0, gain: map.gain[row]?.[column] ?? null });
  };
  const clamp = (value: number, size: number): number => Math.min(size - 1, Math.max(0, value));
  picture.addEventListener('pointermove', (event) => {
    const frame = picture.getBoundingClientRect();
    const scale = (box.left + box.width + 8) / frame.width;
    column = clamp(Math.floor((((event.clientX - frame.left) * scale - box.left) / box.width) * map.reports.length), map.reports.length);
    row = clamp(Math.floor((1 - ((event.clientY - frame.top) * scale - box.top) / box.height) * map.beliefs.length), map.beliefs.length);
    show();
  });
  picture.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [1, 0], ArrowDown: [-1, 0] }[event.key];
    if (!step) return;
    event.preventDefault();
    row = clamp(row + (step[0] ?? 0), map.beliefs.length);
    column = clamp(column + (step[1] ?? 0), map.reports.length);
    show();
  });
}

export function heatMap(map: HeatMap): HTMLElement {
  const range = rangeOf(map);
  const id = freshId('heat');
  const worst = map.beliefs.map((_, row) => bestReport(map, row)).reduce((a, b) => ((b.gain ?? 0) > (a.gain ?? 0) ? b : a));
  const about = (worst.gain ?? 0) > nothing ? `Most to gain: ${sentence(worst).replace('Belief', 'belief')}` : 'No report gains over honesty.';
  const picture = svg('svg', {
    class: 'heat', viewBox: `0 0 ${box.left + box.width + 8} ${box.top + box.height + box.bottom}`, tabindex: 0, role: 'img',
    'aria-label': `Gain over honesty by belief and report. ${about} Arrow keys read single cells.`, 'aria-describedby': id,
  }, ...cellsOf(map, range), ...overlay(map), ...axes(map));
  const status = h('p', { class: 'heat-status', role: 'status', id }, about);
  explore(map, picture, status);
  return h('div', { class: 'heat-map' }, h('h4', {}, 'What each report of one worker would gain, by belief'),
    map.note ? h('p', { class: 'lead' }, `${map.note.replace(/\.$/, '')}.`) : null, picture, status, legend(range), figureTable(map));
}
