// Many measures over one x: a panel for each, one cursor through all of them, the numbers behind.
import type { Curve, CurveSet } from './alignment_data';
import { isNumber, type Numbers } from './data';
import { freshId, h } from './dom';
import { numbersBehind, plainTable } from './figure';
import { count } from './format';
import { formatOf, groupMeasures, isShare, lineName, type Group } from './measures';
import { makePanel, type Panel } from './panel';
import type { PanelLine } from './ranges';
import { thinned } from './smoothing';

const panelsAtFirst = 9;
const rowsAtMost = 200;
const marksAtMost = 40;

export interface MultiplesOptions {
  heading: string;
  lead: string;
  set: CurveSet;
  xName: string;
  marks?: number[];
  notes?: string[];
  /** The value at rest: of the last x, or of the first and the last. */
  rest: 'last' | 'both';
  /** What x is called in the words beside the slider; without it there is no slider. */
  sliderText?(x: number): string;
}

const known = (values: Numbers): number[] => values.filter(isNumber);

function panelOf(group: Group, options: MultiplesOptions, onCursor: (at: number | null) => void): Panel {
  const { x, curves } = options.set;
  const members = group.names.flatMap((name): Curve[] => curves.filter((curve) => curve.name === name).slice(0, 1));
  const values = members.flatMap((curve) => curve.values);
  const unit = members[0]?.unit ?? '';
  const format = formatOf(group.names[0] ?? '', values, unit);
  const rest = (line: PanelLine): string => {
    const all = known(line.values);
    const last = format(all[all.length - 1]);
    return options.rest === 'last' || all.length < 2 ? last : `${format(all[0])} → ${last}`;
  };
  const marks = (options.marks ?? []).length <= marksAtMost ? (options.marks ?? []) : [];
  const lines = members.map((curve): PanelLine => ({ ...curve, label: lineName(curve.name, group) }));
  return makePanel({
    title: group.title, about: group.about, unit, x, lines, marks, format, rest, onCursor,
    share: isShare(group.names[0] ?? '', values),
  });
}

interface Slider {
  element: HTMLElement;
  /** Says in words where the cursor is. */
  say(at: number | null): void;
}

/** For those who do not hover: the arrow keys move the cursor through all panels. */
function makeSlider(options: MultiplesOptions, choose: (at: number) => void): Slider | null {
  const { x } = options.set;
  const { sliderText } = options;
  if (!sliderText || x.length < 2) return null;
  const last = x.length - 1;
  const words = h('span', { class: 'status' });
  const input: HTMLInputElement = h('input', { type: 'range', min: 0, max: last, value: last, input: () => choose(Number(input.value)) });
  const say = (at: number | null): void => {
    words.textContent = sliderText(x[at ?? last] as number);
    input.setAttribute('aria-valuetext', sliderText(x[Number(input.value)] as number));
  };
  say(null);
  return { element: h('p', { class: 'controls slider' }, h('label', {}, 'Read at ', input), words), say };
}

function numbers({ heading, set, xName }: MultiplesOptions): HTMLElement {
  const rows = thinned(set.x.length, rowsAtMost).map((at) =>
    [count(set.x[at]), ...set.curves.map((curve) => formatOf(curve.name, curve.values, curve.unit)(curve.values[at]))]);
  return plainTable(heading, [xName, ...set.curves.map((curve) => (curve.unit ? `${curve.name}, ${curve.unit}` : curve.name))], rows);
}

function notesOf(options: MultiplesOptions): string[] {
  const rows = options.set.x.length > rowsAtMost ? [`The numbers show ${rowsAtMost} of ${count(options.set.x.length)} ${options.xName}s, evenly spread.`] : [];
  return [...(options.notes ?? []), ...rows];
}

export function smallMultiples(options: MultiplesOptions): HTMLElement | null {
  const { set } = options;
  if (set.x.length === 0 || set.curves.length === 0) return null;
  let chosen: number | null = null;
  const show = (at: number | null): void => {
    for (const panel of panels) panel.show(at ?? chosen);
    control?.say(at ?? chosen);
  };
  const panels = groupMeasures(set.curves.map((curve) => curve.name)).map((group) => panelOf(group, options, show));
  const control = makeSlider(options, (at) => { chosen = at; show(at); });
  const grid = (some: Panel[]): HTMLElement => h('div', { class: 'panels' }, ...some.map((panel) => panel.element));
  const more = panels.slice(panelsAtFirst);
  const id = freshId('section');
  return h('section', { class: 'multiples', 'aria-labelledby': id }, h('h2', { id }, options.heading),
    h('p', { class: 'lead' }, options.lead), control?.element, grid(panels.slice(0, panelsAtFirst)),
    more.length > 0 ? h('details', { class: 'more-panels' }, h('summary', {}, `${more.length} more`), grid(more)) : null,
    ...notesOf(options).map((note) => h('p', { class: 'note' }, note)),
    numbersBehind(options.heading, () => numbers(options)));
}
