// Mechanism by utility: how much the best lie gains. Every cell is a button that shows its instance.
import { gainOf, nothing, rowsOf, shadeLabels, shadeOf, utilityHelp, type AuditReport, type AuditRow } from './audit_data';
import { h } from './dom';
import { compact } from './format';

export interface Selection {
  mechanism: string;
  utility: string;
}

/** "0", "0.0894", "≥ 0.03": a search proves only that lying gains at least so much. */
export function gainText(row: AuditRow): string {
  const gain = gainOf(row);
  if (gain <= nothing) return '0';
  return (row.exact ? '' : '≥ ') + compact(gain);
}

export const certainty = (row: AuditRow): string => (row.exact ? 'exact' : gainOf(row) <= nothing ? 'none found' : 'found');

/** A zero that is proved looks different from one that a search did not refute. */
const shadeClass = (row: AuditRow): string => (!row.exact && gainOf(row) <= nothing ? 'shade-open' : `shade-${shadeOf(gainOf(row))}`);

const exactFirst = (rows: AuditRow[]): AuditRow | undefined => {
  const top = rows[0];
  if (!top || gainOf(top) > nothing) return top;
  return rows.find((row) => !row.exact) ?? top; // one that was only searched decides
};

function moveBetweenCells(table: HTMLTableElement, event: KeyboardEvent): void {
  const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
  const cell = (event.target as Element).closest('td');
  if (!step || !cell) return;
  const row = table.rows[(cell.parentElement as HTMLTableRowElement).rowIndex + (step[0] ?? 0)];
  const button = row?.cells[cell.cellIndex + (step[1] ?? 0)]?.querySelector('button');
  if (!button) return;
  event.preventDefault();
  button.focus();
}

function legend(): HTMLElement {
  const items = shadeLabels.map((label, shade) =>
    h('li', {}, h('span', { class: `key shade-${shade}`, 'aria-hidden': 'true' }), label));
  const open = h('li', {}, h('span', { class: 'key shade-open', 'aria-hidden': 'true' }), '0, none found');
  return h('ul', { class: 'shades', 'aria-label': 'Colours by gain' }, ...items.slice(0, 1), open, ...items.slice(1));
}

export interface Matrix {
  element: HTMLElement;
  select(selection: Selection): void;
}

export function auditMatrix(data: AuditReport, onSelect: (selection: Selection) => void): Matrix {
  const { mechanisms = [], utilities = [], rows = [] } = data;
  const buttons = new Map<string, HTMLButtonElement>();
  const cellOf = (mechanism: string, utility: string): HTMLElement => {
    const row = exactFirst(rowsOf(rows, mechanism, utility));
    if (!row) return h('td', { class: 'empty' }, h('span', { class: 'hidden' }, 'not audited'), h('span', { 'aria-hidden': 'true' }, '–'));
    const button = h('button', {
      type: 'button', class: `cell ${shadeClass(row)}`, 'aria-pressed': 'false',
      click: () => onSelect({ mechanism, utility }),
    }, h('span', { class: 'gain' }, gainText(row)), h('span', { class: 'how' }, certainty(row)));
    buttons.set(`${mechanism}\n${utility}`, button);
    return h('td', {}, button);
  };
  const head = utilities.map((utility) => h('th', { scope: 'col', title: utilityHelp[utility] }, utility));
  const body = mechanisms.map(({ name }) =>
    h('tr', {}, h('th', { scope: 'row' }, name), ...utilities.map((utility) => cellOf(name, utility))));
  const table = h('table', { class: 'matrix' },
    h('caption', { class: 'hidden' }, 'The gain of the best lie found, by mechanism and by what the worker wants'),
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'mechanism'), ...head)), h('tbody', {}, ...body));
  table.addEventListener('keydown', (event) => moveBetweenCells(table, event));
  const select = ({ mechanism, utility }: Selection): void => {
    for (const [key, button] of buttons) button.setAttribute('aria-pressed', String(key === `${mechanism}\n${utility}`));
  };
  return { element: h('div', {}, h('div', { class: 'scroll' }, table), legend()), select };
}
