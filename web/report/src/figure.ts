// The frame around every chart: heading, one line on how to read it, chart, legend, notes, the numbers.
import { freshId, h } from './dom';

export interface FigureOptions {
  heading: string;
  level?: 2 | 3;
  lead: string;
  controls?: HTMLElement;
  plot: HTMLElement;
  legend: HTMLElement;
  notes: string[];
  numbers: () => HTMLElement;
}

/** The table behind a chart, made when it is first opened. */
export function numbersBehind(heading: string, make: () => HTMLElement): HTMLElement {
  const place = h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `Numbers: ${heading}` });
  const details: HTMLDetailsElement = h('details', {
    toggle: () => { if (details.open && !place.firstChild) place.append(make()); },
  }, h('summary', {}, 'Show the numbers'), place);
  return details;
}

export function figure(options: FigureOptions): HTMLElement {
  const id = freshId('section');
  const heading = h(options.level === 3 ? 'h3' : 'h2', { id }, options.heading);
  return h('section', { class: 'figure', 'aria-labelledby': id },
    heading,
    options.lead ? h('p', { class: 'lead' }, options.lead) : null,
    options.controls,
    h('div', { class: 'chart' }, options.plot, options.legend),
    ...options.notes.map((note) => h('p', { class: 'note' }, note)),
    numbersBehind(options.heading, options.numbers));
}

/** A plain table: a header row, then rows of text. The first column names the row. */
export function plainTable(caption: string, header: string[], rows: string[][]): HTMLElement {
  const head = h('tr', {}, ...header.map((text) => h('th', { scope: 'col' }, text)));
  const body = rows.map((row) => h('tr', {}, ...row.map((text, column) =>
    column === 0 ? h('th', { scope: 'row' }, text) : h('td', {}, text))));
  return h('table', { class: 'numbers' }, h('caption', { class: 'hidden' }, caption), h('thead', {}, head), h('tbody', {}, ...body));
}
