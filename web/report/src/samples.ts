// What the model wrote to the same prompt before and after it was fine-tuned, side by side.
import type { SampleData } from './alignment_data';
import { freshId, h } from './dom';
import { listOf, textOf, type Maybe } from './loose';

const shownAtFirst = 6;
const longFrom = 700;

/** Characters that are not seen but change what is: controls of direction and of terminals. */
const unseen = /([\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069])/;

/** "ab", "U+202E", "cd": what is unseen is named at every second place. */
export function revealed(text: string): string[] {
  return text.split(unseen).map((part, at) => (at % 2 === 0 ? part : `U+${part.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`));
}

const pieces = (text: string): (Node | string)[] => revealed(text).map((part, at) => (at % 2 === 0 ? part : h('span', { class: 'unseen' }, part)));

/** The model's words as they are: line breaks kept, its direction of writing kept inside its box. */
function words(text: string, label: string): HTMLElement {
  if (text === '') return h('p', { class: 'answer none' }, '(nothing)');
  const long = text.length > longFrom;
  return h('p', {
    class: long ? 'answer long' : 'answer', dir: 'auto', ...(long ? { tabindex: 0, role: 'region', 'aria-label': label } : {}),
  }, ...pieces(text));
}

function side(heading: string, text: Maybe<string>, note: Maybe<string>): HTMLElement | null {
  if (typeof text !== 'string') return null;
  return h('div', { class: 'side' }, h('h4', {}, heading), words(text, heading),
    textOf(note) ? h('p', { class: 'side-note' }, ...pieces(textOf(note))) : null);
}

function card(sample: SampleData, number: number): HTMLElement {
  const id = freshId('sample');
  const truth = textOf(sample.truth);
  return h('article', { class: 'sample', 'aria-labelledby': id }, h('h3', { id, class: 'sample-number' }, `Prompt ${number}`),
    textOf(sample.prompt) ? words(textOf(sample.prompt), `Prompt ${number}`) : null,
    h('div', { class: 'sides' }, side('Before', sample.before, sample.note_before), side('After', sample.after, sample.note_after)),
    truth ? h('p', { class: 'truth' }, h('span', {}, 'What happened'), ' ', h('bdi', {}, ...pieces(truth))) : null);
}

export function sampleSection(data: Maybe<SampleData[]>, lead: string): HTMLElement | null {
  const samples = listOf(data);
  if (samples.length === 0) return null;
  const cards = samples.map((sample, at) => card(sample, at + 1));
  const more = cards.slice(shownAtFirst);
  const id = freshId('section');
  return h('section', { 'aria-labelledby': id }, h('h2', { id }, 'Before and after'), h('p', { class: 'lead' }, lead),
    h('div', { class: 'samples' }, ...cards.slice(0, shownAtFirst)),
    more.length > 0 ? h('details', { class: 'more-samples' }, h('summary', {}, `${more.length} more`), h('div', { class: 'samples' }, ...more)) : null);
}
