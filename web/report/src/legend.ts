// The key of a chart: a button for each line, which shows and hides it, with the value under the cursor.
import { freshId, h, svg } from './dom';
import { colourOf, dashOf, type Palette } from './palette';

export interface LegendItem {
  label: string;
  colour: number;
  strong?: boolean;
  shown: boolean;
  group?: string;
}

export interface LegendEvents {
  toggle(index: number, shown: boolean): void;
  focus(index: number | null): void;
}

export interface Legend {
  element: HTMLElement;
  paint(palette: Palette): void;
  setHeading(text: string): void;
  setValue(index: number, text: string): void;
  highlight(index: number | null): void;
}

function swatch(item: LegendItem, palette: Palette): SVGElement {
  const line = svg('line', {
    x1: 1, y1: 6, x2: 27, y2: 6,
    stroke: colourOf(palette, item.colour),
    'stroke-width': item.strong ? 3 : 2,
    'stroke-dasharray': dashOf(item.colour).join(' ') || 'none',
  });
  return svg('svg', { width: 28, height: 12, 'aria-hidden': 'true' }, line);
}

interface Entry {
  item: LegendItem;
  row: HTMLLIElement;
  button: HTMLButtonElement;
  mark: HTMLSpanElement;
  value: HTMLSpanElement;
}

function makeEntry(item: LegendItem, index: number, events: LegendEvents): Entry {
  const mark = h('span', { class: 'swatch' });
  const value = h('span', { class: 'legend-value' });
  const button = h('button', {
    type: 'button',
    'aria-pressed': String(item.shown),
    title: 'Show or hide this line',
    click: () => {
      item.shown = !item.shown;
      button.setAttribute('aria-pressed', String(item.shown));
      events.toggle(index, item.shown);
    },
    mouseenter: () => events.focus(index),
    mouseleave: () => events.focus(null),
    focus: () => events.focus(index),
    blur: () => events.focus(null),
  }, mark, h('span', { class: 'legend-label', title: item.label }, item.label), value);
  return { item, button, mark, value, row: h('li', {}, button) };
}

function setAll(entries: Entry[], wanted: (entry: Entry, index: number) => boolean): void {
  entries.forEach((entry, index) => {
    if (entry.item.shown !== wanted(entry, index)) entry.button.click();
  });
}

/** "All" and "Main" where some lines start hidden. */
function switches(entries: Entry[]): HTMLElement | null {
  const initial = entries.map((entry) => entry.item.shown);
  if (initial.every(Boolean)) return null;
  const all = h('button', { type: 'button', click: () => setAll(entries, () => true) }, 'Show all');
  const main = h('button', {
    type: 'button',
    click: () => setAll(entries, (_, index) => initial[index] ?? true),
  }, 'Main only');
  return h('div', { class: 'legend-switches' }, all, main);
}

function listOf(entries: Entry[], naming: Record<string, string>): HTMLElement {
  return h('ul', naming, ...entries.map((entry) => entry.row));
}

/** Lines that start hidden wait behind a summary, so that a long list does not outgrow its chart. */
function more(entries: Entry[]): HTMLElement[] {
  if (entries.length === 0) return [];
  return [h('details', { class: 'legend-more' }, h('summary', {}, `${entries.length} more`),
    listOf(entries, { 'aria-label': 'More lines' }))];
}

function lists(entries: Entry[], headingId: string): HTMLElement[] {
  const first = entries.filter((entry) => entry.item.shown);
  const groups = [...new Set(first.map((entry) => entry.item.group ?? ''))];
  const visible = groups.flatMap((group) => {
    const members = first.filter((entry) => (entry.item.group ?? '') === group);
    if (!group) return [listOf(members, { 'aria-labelledby': headingId })];
    return [h('p', { class: 'legend-group' }, group), listOf(members, { 'aria-label': group })];
  });
  return [...visible, ...more(entries.filter((entry) => !entry.item.shown))];
}

export function makeLegend(items: LegendItem[], events: LegendEvents): Legend {
  const entries = items.map((item, index) => makeEntry(item, index, events));
  const heading = h('p', { class: 'legend-heading', id: freshId('legend') });
  return {
    element: h('div', { class: 'legend' }, heading, ...lists(entries, heading.id), switches(entries)),
    paint: (palette) => entries.forEach((entry) => entry.mark.replaceChildren(swatch(entry.item, palette))),
    setHeading: (text) => { heading.textContent = text; },
    setValue: (index, text) => {
      const entry = entries[index];
      if (entry) entry.value.textContent = text;
    },
    highlight: (index) => entries.forEach((entry, at) => entry.row.classList.toggle('dim', index !== null && at !== index)),
  };
}
