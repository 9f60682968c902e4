// All workers: the top and bottom ten at first, everybody on demand, with a search box.
import { isNumber, type Worker } from './data';
import { h } from './dom';
import { columnHelp, dataTable, scrollBox, sortRows, type Column, type Order } from './data_table';
import { compact, count, fixed } from './format';

const ends = 10;
const pageSize = 50;

interface Ranked extends Worker {
  rank: number;
}

function rank(workers: Worker[]): Ranked[] {
  const weight = (worker: Worker): number => (isNumber(worker.weight) ? worker.weight : -Infinity);
  return [...workers].sort((a, b) => weight(b) - weight(a)).map((worker, at) => ({ ...worker, rank: at + 1 }));
}

function weightCell(worker: Worker, most: number): Node {
  const bar = h('span', { class: 'bar', 'aria-hidden': 'true' });
  bar.style.width = `${isNumber(worker.weight) && most > 0 ? Math.max(0, (60 * worker.weight) / most) : 0}px`;
  return h('span', { class: 'bar-cell' }, bar, compact(worker.weight));
}

function columnsFor(workers: Ranked[]): Column<Ranked>[] {
  const most = workers.reduce((max, worker) => Math.max(max, worker.weight ?? 0), 0);
  const columns: (Column<Ranked> | false)[] = [
    { label: 'Worker', help: 'The name in the data.', value: (w) => w.worker, cell: (w) => w.worker },
    workers.some((worker) => worker.kind) && { label: 'Kind', words: true, help: 'What kind of worker it is; the mechanism does not know.', value: (w) => w.kind ?? '', cell: (w) => w.kind ?? '–' },
    { label: 'Rank', help: 'Place by weight, 1 is the highest.', value: (w) => w.rank, cell: (w) => count(w.rank) },
    { label: 'Weight', help: 'How much the mechanism follows this worker after the last settled slot.', value: (w) => w.weight, cell: (w) => weightCell(w, most), descending: true },
    workers.some((worker) => isNumber(worker.slots)) && { label: 'Slots', help: 'How many slots the worker answered.', value: (w) => w.slots, cell: (w) => count(w.slots), descending: true },
    workers.some((worker) => isNumber(worker.reports)) && { label: 'Reports', help: 'How many reports the worker gave.', value: (w) => w.reports, cell: (w) => count(w.reports), descending: true },
    { label: 'Loss', help: "Loss of the worker's own reports on the slots it answered; lower is better.", value: (w) => w.loss, cell: (w) => fixed(4)(w.loss) },
  ];
  return columns.filter((column): column is Column<Ranked> => column !== false);
}

interface State {
  query: string;
  everybody: boolean;
  page: number;
  order: Order;
}

interface View {
  rows: Ranked[];
  pages: number;
  status: string;
}

function viewOf(workers: Ranked[], columns: Column<Ranked>[], state: State): View {
  const query = state.query.trim().toLowerCase();
  if (!query && !state.everybody) {
    const few = workers.filter((worker) => worker.rank <= ends || worker.rank > workers.length - ends);
    return { rows: sortRows(few, columns, state.order), pages: 1, status: `Top and bottom ${ends} of ${count(workers.length)} workers` };
  }
  const found = sortRows(workers.filter((worker) => `${worker.worker}\n${worker.kind ?? ''}`.toLowerCase().includes(query)), columns, state.order);
  const pages = Math.max(1, Math.ceil(found.length / pageSize));
  state.page = Math.min(state.page, pages - 1);
  const start = state.page * pageSize;
  const rows = found.slice(start, start + pageSize);
  const range = rows.length > 0 ? `${count(start + 1)}–${count(start + rows.length)} of ${count(found.length)}` : 'No';
  return { rows, pages, status: `${range} workers${query ? ' found' : ''}` };
}

function pager(turn: (by: number) => void): { element: HTMLElement; update(page: number, pages: number): void } {
  const back = h('button', { type: 'button', class: 'control', click: () => turn(-1) }, 'Previous');
  const on = h('button', { type: 'button', class: 'control', click: () => turn(1) }, 'Next');
  const element = h('p', { class: 'controls pager' }, back, on);
  return {
    element,
    update: (page, pages) => {
      element.hidden = pages < 2;
      back.disabled = page === 0;
      on.disabled = page >= pages - 1;
    },
  };
}

export function workerTable(all: Worker[]): HTMLElement | null {
  if (all.length === 0) return null;
  const workers = rank(all);
  const columns = columnsFor(workers);
  const small = workers.length <= 2 * ends + 5;
  const byWeight = columns.findIndex((column) => column.label === 'Weight');
  const state: State = { query: '', everybody: small, page: 0, order: { column: byWeight, descending: true } };
  const status = h('span', { class: 'status', role: 'status' });
  const table = dataTable({
    caption: 'Workers', columns, order: state.order,
    onOrder: (order) => { state.order = order; state.page = 0; update(); },
    rowClass: (worker) => (!small && !state.everybody && !state.query && worker.rank === workers.length - ends + 1 && state.order.column === byWeight && state.order.descending ? 'cut' : ''),
  });
  const turn = pager((by) => { state.page += by; update(); });
  const update = (): void => {
    const view = viewOf(workers, columns, state);
    table.setRows(view.rows);
    status.textContent = view.status;
    turn.update(state.page, view.pages);
  };
  const search: HTMLInputElement = h('input', {
    type: 'search', autocomplete: 'off', spellcheck: 'false',
    input: () => { state.query = search.value; state.page = 0; update(); },
  });
  const everybody = h('button', {
    type: 'button', class: 'control', 'aria-pressed': 'false',
    click: () => {
      state.everybody = !state.everybody;
      everybody.setAttribute('aria-pressed', String(state.everybody));
      update();
    },
  }, 'All workers');
  update();
  return h('section', { 'aria-labelledby': 'workers' }, h('h2', { id: 'workers' }, 'Workers'),
    h('p', { class: 'controls' }, h('label', {}, 'Find ', search), small ? null : everybody, status),
    scrollBox('Workers', table.element), turn.element, columnHelp(columns));
}
