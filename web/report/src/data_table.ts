// A table that can be sorted by each of its columns.
import { isNumber, type Value } from './data';
import { h } from './dom';

export interface Column<Row> {
  label: string;
  help: string;
  /** What to sort by; missing values come last either way. */
  value(row: Row): Value | string;
  cell(row: Row): string | Node;
  /** What the first click on the heading does. */
  descending?: boolean;
  emphasise?(row: Row): boolean;
  /** Words, which are read from the left. */
  words?: boolean;
}

export interface Order {
  column: number;
  descending: boolean;
}

export interface DataTable<Row> {
  element: HTMLTableElement;
  setRows(rows: Row[]): void;
}

function compare(a: Value | string, b: Value | string, descending: boolean): number {
  if (typeof a === 'string' && typeof b === 'string') return (descending ? -1 : 1) * a.localeCompare(b, 'en', { numeric: true });
  if (!isNumber(a) || !isNumber(b)) return Number(isNumber(b)) - Number(isNumber(a));
  return descending ? b - a : a - b;
}

export function sortRows<Row>(rows: Row[], columns: Column<Row>[], order: Order): Row[] {
  const column = columns[order.column];
  if (!column) return rows;
  return [...rows].sort((a, b) => compare(column.value(a), column.value(b), order.descending));
}

function rowOf<Row>(row: Row, columns: Column<Row>[], className: string): HTMLTableRowElement {
  const cells = columns.map((column, at) => {
    const content = column.cell(row);
    const shown = column.emphasise?.(row) ? h('strong', {}, content) : content;
    return at === 0 ? h('th', { scope: 'row' }, shown) : h('td', { class: column.words ? 'words' : undefined }, shown);
  });
  return h('tr', className ? { class: className } : {}, ...cells);
}

export interface DataTableOptions<Row> {
  caption: string;
  columns: Column<Row>[];
  order: Order;
  rowClass?(row: Row): string;
  /** Asked to show rows in another order; by default the table sorts the rows it has. */
  onOrder?(order: Order): void;
}

export function dataTable<Row>(options: DataTableOptions<Row>): DataTable<Row> {
  const { columns } = options;
  let { order } = options;
  let rows: Row[] = [];
  const body = h('tbody');

  // Numbers are flush right, so their arrow stands before the heading.
  const heads = columns.map((column, at) => {
    const arrow = h('span', { class: 'arrow', 'aria-hidden': 'true' });
    const parts = at === 0 || column.words ? [column.label, arrow] : [arrow, column.label];
    return h('th', { scope: 'col', class: column.words ? 'words' : undefined }, h('button', { type: 'button', title: column.help, click: () => sortBy(at) }, ...parts));
  });

  const markOrder = (): void => heads.forEach((head, at) => {
    if (at === order.column) head.setAttribute('aria-sort', order.descending ? 'descending' : 'ascending');
    else head.removeAttribute('aria-sort');
  });
  const show = (): void => {
    const sorted = options.onOrder ? rows : sortRows(rows, columns, order);
    body.replaceChildren(...sorted.map((row) => rowOf(row, columns, options.rowClass?.(row) ?? '')));
  };
  const sortBy = (at: number): void => {
    const first = columns[at]?.descending ?? false;
    order = { column: at, descending: order.column === at ? !order.descending : first };
    markOrder();
    if (options.onOrder) options.onOrder(order);
    else show();
  };

  markOrder();
  const element = h('table', { class: 'data' }, h('caption', { class: 'hidden' }, options.caption),
    h('thead', {}, h('tr', {}, ...heads)), body);
  return { element, setRows: (next) => { rows = next; show(); } };
}

/** A table in a box that scrolls sideways on a narrow screen, reachable by keyboard. */
export function scrollBox(label: string, table: HTMLElement): HTMLElement {
  return h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label }, table);
}

/** What the columns mean, for those who cannot hover over the headings. */
export function columnHelp<Row>(columns: Column<Row>[]): HTMLElement {
  const entries = columns.flatMap((column) => [h('dt', {}, column.label), h('dd', {}, column.help)]);
  return h('details', { class: 'help' }, h('summary', {}, 'What the columns mean'), h('dl', {}, ...entries));
}
