// What was replayed or simulated, and the result in one sentence.
import { isNumber, type ReportData, type Value } from './data';
import { h } from './dom';
import { compact, count, type Format } from './format';

function fact(label: string, value: Value | string, format: Format = count): HTMLElement | null {
  if (typeof value !== 'string' && !isNumber(value)) return null;
  if (value === '') return null;
  const text = typeof value === 'string' ? value : format(value);
  return h('div', {}, h('dt', {}, label), h('dd', {}, text));
}

/** What only some kinds of report have to say of themselves. */
export interface MoreFacts {
  numbers?: [label: string, value: Value][];
  words?: [label: string, text: string][];
}

export function header(data: ReportData, overline: string, sentence: string, more: MoreFacts = {}): HTMLElement {
  const answers = data.answers?.length ? (data.answers.length > 6 ? String(data.answers.length) : data.answers.join(', ')) : '';
  return h('header', {},
    h('p', { class: 'overline' }, ['Candor', overline, data.kind].filter(Boolean).join(' · ')),
    h('h1', {}, data.title ?? 'Candor report'),
    h('p', { class: 'reading' }, sentence.replace(/ %/g, '\u00A0%')),
    h('dl', { class: 'facts' }, ...(more.numbers ?? []).map(([label, value]) => fact(label, value)),
      fact('workers', data.workers), fact('slots', data.slots), fact('settled', data.settled),
      fact('reports', data.reports), fact('duplicates', data.duplicates), fact('step size', data.step_size, compact)),
    h('dl', { class: 'facts words' }, fact('mechanism', data.mechanism ?? ''), fact('answers', answers),
      ...(more.words ?? []).map(([label, text]) => fact(label, text))));
}

export function footer(data: ReportData): HTMLElement {
  return h('footer', {},
    data.command ? h('p', {}, 'Made by') : null,
    data.command ? h('pre', { tabindex: 0, role: 'region', 'aria-label': 'Command line' }, h('code', {}, data.command)) : null,
    h('p', {}, `Candor ${data.version ?? ''}`));
}
