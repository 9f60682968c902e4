// The audit: which lies gain, under which mechanism, for whom; and each instance.
import { gainOf, rowsOf, utilityHelp, type AuditReport, type AuditRow } from './audit_data';
import { instanceView, rowName } from './audit_instance';
import { auditMatrix, certainty, gainText, type Selection } from './audit_matrix';
import { columnHelp, dataTable, scrollBox, type Column } from './data_table';
import { h } from './dom';
import { count } from './format';
import { heatMap } from './heat_map';

const lead = 'What the best lie found gains over honesty, in expectation and under the worker’s own belief, for one worker or a ring. ' +
  '“0 exact” is proved for the whole family of lies; “≥” is the best that a search found. Choose a cell to see its instance.';

function rowPicker(rows: AuditRow[], show: (row: AuditRow) => void): HTMLElement | null {
  if (rows.length < 2) return null;
  const select = h('select', { class: 'control', 'aria-label': 'Which instance' },
    ...rows.map((row, at) => h('option', { value: at }, rowName(row))));
  select.addEventListener('change', () => {
    const row = rows[Number(select.value)];
    if (row) show(row);
  });
  return h('p', { class: 'controls' }, h('label', {}, 'Instance ', select));
}

function detailParts(data: AuditReport, { mechanism, utility }: Selection): HTMLElement[] {
  const rows = rowsOf(data.rows ?? [], mechanism, utility);
  const first = rows[0];
  if (!first) return [];
  const place = h('div', {}, instanceView(first));
  const map = (data.heat ?? []).find((one) => one.mechanism === mechanism && one.utility === utility);
  const about = (data.mechanisms ?? []).find(({ name }) => name === mechanism)?.description;
  const parts: (HTMLElement | null)[] = [
    h('h3', { id: 'cell' }, `${mechanism}, ${utility}: ${gainText(first)} (${certainty(first)})`),
    about ? h('p', { class: 'lead' }, about) : null,
    h('div', { class: map ? 'detail with-heat' : 'detail' },
      h('div', {}, rowPicker(rows, (row) => place.replaceChildren(instanceView(row))), place), map ? heatMap(map) : null),
  ];
  return parts.filter((part): part is HTMLElement => part !== null);
}

const columns: Column<AuditRow>[] = [
  { label: 'Mechanism', help: 'Weight rule, label pool and payment rule as they are audited.', value: (row) => row.mechanism, cell: (row) => row.mechanism },
  { label: 'Utility', help: 'What the worker wants.', value: (row) => row.utility, cell: (row) => row.utility },
  { label: 'Gain', help: 'Expected utility of the best report found less that of the honest one.', value: gainOf, cell: gainText, descending: true },
  { label: 'Certainty', help: 'Exact: no lie of the family gains more. Found: a search found this much.', value: certainty, cell: certainty },
  { label: 'Method', help: 'How the best lie was found.', value: (row) => row.method ?? '', cell: (row) => row.method ?? '–' },
  { label: 'Liars', help: 'How many workers lie together.', value: (row) => row.coalition, cell: (row) => count(row.coalition) },
  { label: 'Workers', help: 'How many workers answer.', value: (row) => row.workers, cell: (row) => count(row.workers) },
  { label: 'Slots', help: 'The horizon the worker looks ahead.', value: (row) => row.horizon, cell: (row) => count(row.horizon) },
];

function allRows(rows: AuditRow[]): HTMLElement {
  const table = dataTable({ caption: 'Every row of the audit', columns, order: { column: 2, descending: true } });
  table.setRows(rows);
  return h('section', { 'aria-labelledby': 'rows' }, h('h2', { id: 'rows' }, 'All rows'),
    h('details', { class: 'all-rows' }, h('summary', {}, `Show the ${count(rows.length)} rows as a table`),
      h('div', {}, scrollBox('Every row of the audit', table.element), columnHelp(columns))));
}

function utilityList(utilities: string[]): HTMLElement {
  const items = utilities.filter((utility) => utilityHelp[utility]).flatMap((utility) => [h('dt', {}, utility), h('dd', {}, utilityHelp[utility] ?? '')]);
  return h('details', { class: 'help' }, h('summary', {}, 'What the workers want'), h('dl', {}, ...items));
}

/** First the largest gain, of those with a picture if there are any: what a reader should see without a click. */
function firstCell(data: AuditReport): Selection | undefined {
  const shown = new Set((data.mechanisms ?? []).map(({ name }) => name));
  const pictured = new Set((data.heat ?? []).map((map) => `${map.mechanism}\n${map.utility}`));
  const order = (row: AuditRow): number => gainOf(row) + (pictured.has(`${row.mechanism}\n${row.utility}`) ? 1e6 : 0);
  return (data.rows ?? []).filter((row) => shown.has(row.mechanism)).sort((a, b) => order(b) - order(a))[0];
}

export function auditParts(data: AuditReport): HTMLElement[] {
  const detail = h('section', { class: 'cell-detail', 'aria-labelledby': 'cell', 'aria-live': 'polite' });
  const show = (selection: Selection): void => {
    matrix.select(selection);
    detail.replaceChildren(...detailParts(data, selection));
  };
  const matrix = auditMatrix(data, show);
  const first = firstCell(data);
  if (first) show(first);
  return [
    h('section', { 'aria-labelledby': 'matrix' }, h('h2', { id: 'matrix' }, 'What a lie gains'), h('p', { class: 'lead' }, lead),
      matrix.element, utilityList(data.utilities ?? [])),
    detail, allRows(data.rows ?? []),
  ];
}
