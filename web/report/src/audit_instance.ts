// One row of the audit in words and in numbers that a reader can redo by hand.
import { gainOf, nothing, utilityHelp, type AuditInstance, type AuditRow, type AuditSlot } from './audit_data';
import { gainText } from './audit_matrix';
import { isNumber } from './data';
import { scrollBox } from './data_table';
import { h } from './dom';
import { plainTable } from './figure';
import { tick } from './format';

/** At most four digits, as in the instance's own numbers: .7 stays 0.7. */
const short = (value: unknown): string => (isNumber(value) ? tick(value) : '–');
/** A utility keeps the digits that tell honest and best apart. */
const precise = (value: unknown): string => (isNumber(value) ? String(Number(value.toPrecision(9))).replace('-', '−') : '–');

const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

function liarsOf(row: AuditRow): { subject: string; does: string; its: string } {
  const members = isNumber(row.coalition) ? row.coalition : 1;
  return members === 1 ? { subject: 'Worker 1', does: 's', its: 'its' }
    : { subject: members === 2 ? 'Workers 1 and 2 together' : `Workers 1 to ${members} together`, does: '', its: 'their' };
}

function honestySentence(row: AuditRow, instance: AuditInstance): string {
  const { subject, does, its } = liarsOf(row);
  const slot = instance.slots?.[0];
  const lie = (slot?.best ?? []).map(short).join(' and ');
  const first = (instance.slots?.length ?? 1) > 1 || (isNumber(row.horizon) && row.horizon > 1) ? ' in the first slot' : '';
  const belief = `${subject} believe${does} that A is right with probability ${short(slot?.belief)} and want${does} ${(utilityHelp[row.utility] ?? row.utility).replace('its', its)}.`;
  if (gainOf(row) <= nothing) return `${belief} No report does better than ${its} belief${row.exact ? '' : ', as far as the search can tell'}.`;
  return `${belief} Reporting ${lie}${first} instead of the truth raises ${its} expected utility from ${precise(instance.honest_utility)} to ${precise(instance.best_utility)}.`;
}

function labelSentence(instance: AuditInstance): string | null {
  if (!isNumber(instance.honest_label) || !isNumber(instance.best_label)) return null;
  return `The expected label moves from ${short(instance.honest_label)} to ${short(instance.best_label)}.`;
}

function settingSentence(row: AuditRow, instance: AuditInstance): string {
  const parts = [plural(Number(row.workers ?? 0), 'worker'), plural(Number(row.horizon ?? 1), 'slot')];
  if (isNumber(instance.step_size)) parts.push(`step size ${short(instance.step_size)}`);
  return `${parts.join(', ')}. Found by ${row.method ?? 'search'}.`;
}

function slotTable(instance: AuditInstance, slot: AuditSlot, at: number): HTMLElement {
  const weights = instance.weights ?? [];
  const rows = (slot.reports ?? []).map((report, worker) => [
    `worker ${worker + 1}`, short(weights[worker]),
    slot.present && !slot.present[worker] ? 'away' : short(slot.honest?.[worker] ?? report),
    worker < (slot.best?.length ?? 0) ? short(slot.best?.[worker]) : 'the same',
  ]);
  return plainTable(`Slot ${at + 1}: weights and reports`, ['', 'first weight', 'all honest', 'best lie'], rows);
}

function slotTables(row: AuditRow, instance: AuditInstance): HTMLElement[] {
  const slots = instance.slots ?? [];
  const changes = slots.slice(0, 4).flatMap((slot, at) => [
    slots.length > 1 ? h('p', { class: 'slot-name' }, `Slot ${at + 1}, belief ${short(slot.belief)}`) : null,
    scrollBox(`Slot ${at + 1} of ${row.mechanism}, ${row.utility}`, slotTable(instance, slot, at)),
  ]);
  const more = slots.length > 4 ? h('p', { class: 'note' }, `… and ${slots.length - 4} more slots.`) : null;
  return [...changes, more].filter((part): part is HTMLElement => part !== null);
}

export function instanceView(row: AuditRow): HTMLElement {
  const instance = row.instance ?? {};
  const notes = [instance.note, instance.search?.note].filter((note): note is string => Boolean(note));
  const spacing = instance.search?.spacing;
  return h('div', { class: 'instance' },
    h('p', {}, honestySentence(row, instance), ' ', labelSentence(instance) ?? ''),
    h('p', { class: 'lead' }, `${settingSentence(row, instance)} ${instance.name && instance.name !== 'worst found' ? `Instance: ${instance.name}.` : ''}`),
    ...slotTables(row, instance),
    ...notes.map((note) => h('p', { class: 'note' }, note)),
    isNumber(spacing) ? h('p', { class: 'note' }, `The search tried reports ${short(spacing)} apart.`) : null);
}

/** What tells the rows of one cell apart. */
export const rowName = (row: AuditRow): string => {
  const coalition = isNumber(row.coalition) && row.coalition > 1 ? `, ${row.coalition} liars` : '';
  return `${gainText(row)} — ${plural(Number(row.workers ?? 0), 'worker')}, ${plural(Number(row.horizon ?? 1), 'slot')}${coalition}`;
};
