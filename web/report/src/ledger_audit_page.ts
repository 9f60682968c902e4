// The audit of a recorded campaign: for each worker, the best fixed distortion in hindsight.
import type { Value } from './data';
import { columnHelp, dataTable, scrollBox, type Column } from './data_table';
import { h } from './dom';
import { compact, count, fixed } from './format';

interface Best {
  distortion?: string;
  gain?: Value;
  price?: Value;
  surprise?: Value;
}

export interface LedgerRow {
  worker: string;
  slots?: Value;
  settled?: Value;
  honest?: { final_weight?: Value; mean_weight?: Value; paid_micro?: Value };
  best?: { final_weight?: Best; mean_weight?: Best; pay?: Best };
}

export interface LedgerReport {
  rows?: LedgerRow[];
  pays?: boolean;
  how_to_read?: string;
  distortions?: string[];
}

const signed = (value: Value): string => {
  const text = compact(value);
  return typeof value === 'number' && value > 0 ? `+${text}` : text;
};

const weightColumns: Column<LedgerRow>[] = [
  { label: 'Worker', help: 'The name in the ledger.', value: (row) => row.worker, cell: (row) => row.worker },
  { label: 'Settled', help: 'Settled slots that the worker answered.', value: (row) => row.settled, cell: (row) => count(row.settled), descending: true },
  { label: 'Weight', help: 'Weight at the end, as recorded.', value: (row) => row.honest?.final_weight, cell: (row) => compact(row.honest?.final_weight), descending: true },
  { label: 'Best distortion', help: 'Of the fixed distortions tried, the one that would have given the most weight at the end.', value: (row) => row.best?.final_weight?.distortion ?? '', cell: (row) => row.best?.final_weight?.distortion ?? '–' },
  { label: 'Gain', help: 'Final weight with it, less the recorded one: in hindsight.', value: (row) => row.best?.final_weight?.gain, cell: (row) => signed(row.best?.final_weight?.gain), descending: true },
  { label: 'Price', help: 'What it costs in expectation a worker whose reports mean what they say.', value: (row) => row.best?.final_weight?.price, cell: (row) => compact(row.best?.final_weight?.price), descending: true },
  { label: 'Surprise', help: 'How far beyond expectation it did, in standard deviations: over 3 is more than luck explains.', value: (row) => row.best?.final_weight?.surprise, cell: (row) => fixed(1)(row.best?.final_weight?.surprise), descending: true, emphasise: (row) => (row.best?.final_weight?.surprise ?? 0) > 3 },
];

const payColumns: Column<LedgerRow>[] = [
  { label: 'Paid', help: 'In micro-units, as recorded.', value: (row) => row.honest?.paid_micro, cell: (row) => count(row.honest?.paid_micro), descending: true },
  { label: 'Best for pay', help: 'The distortion that would have been paid most.', value: (row) => row.best?.pay?.distortion ?? '', cell: (row) => row.best?.pay?.distortion ?? '–' },
  { label: 'Pay gain', help: 'Pay with it, less the recorded one, in micro-units.', value: (row) => row.best?.pay?.gain, cell: (row) => (Number(row.best?.pay?.gain) > 0 ? '+' : '') + count(row.best?.pay?.gain), descending: true },
];

export function ledgerAuditParts(data: LedgerReport): HTMLElement[] {
  const columns = data.pays ? [...weightColumns, ...payColumns] : weightColumns;
  const table = dataTable({
    caption: 'Workers and their best distortion in hindsight', columns, order: { column: 4, descending: true },
  });
  table.setRows(data.rows ?? []);
  const tried = data.distortions?.length ? `Tried: ${data.distortions.join(', ')}.` : '';
  return [h('section', { 'aria-labelledby': 'workers' },
    h('h2', { id: 'workers' }, 'What fixed distortions would have earned'),
    h('p', { class: 'lead' }, 'Everybody else’s reports and every outcome as recorded; bold surprises are more than luck explains.'),
    scrollBox('Workers and their best distortion in hindsight', table.element),
    tried ? h('p', { class: 'note' }, tried) : null, columnHelp(columns))];
}
