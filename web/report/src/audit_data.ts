// The result of an audit, as the program writes it, and what the page makes of it.
import { isNumber, type Value } from './data';

export interface AuditSlot {
  belief?: Value;
  reports?: number[];
  honest?: number[];
  best?: number[];
  present?: number[];
}

export interface AuditInstance {
  name?: string;
  note?: string;
  weights?: number[];
  step_size?: Value;
  slots?: AuditSlot[];
  honest_utility?: Value;
  best_utility?: Value;
  honest_label?: Value;
  best_label?: Value;
  search?: { spacing?: Value; note?: string };
}

export interface AuditRow {
  mechanism: string;
  utility: string;
  workers?: Value;
  horizon?: Value;
  coalition?: Value;
  gain: Value;
  exact?: boolean;
  method?: string;
  instance?: AuditInstance;
}

export interface HeatMap {
  mechanism: string;
  utility: string;
  beliefs: number[];
  reports: number[];
  gain: Value[][];
  note?: string;
}

export interface AuditReport {
  mechanisms?: { name: string; description?: string }[];
  utilities?: string[];
  rows?: AuditRow[];
  heat?: HeatMap[];
}

/** Below this a gain is rounding, not a gain. */
export const nothing = 1e-12;

export const gainOf = (row: AuditRow): number => (isNumber(row.gain) ? row.gain : 0);

/** Shade of a gain, 0 (none) to 6 (over a tenth): one step for each power of ten from 1e-6 on. */
export function shadeOf(gain: number): number {
  if (!(gain > nothing)) return 0;
  return Math.min(6, Math.max(1, Math.floor(Math.log10(gain) + 1e-9) + 7));
}

export const shadeLabels = ['0, exact', 'under 10⁻⁵', 'from 10⁻⁵', 'from 10⁻⁴', 'from 0.001', 'from 0.01', 'from 0.1'];

/** Rows of one mechanism and utility, the largest gain first. */
export function rowsOf(rows: AuditRow[], mechanism: string, utility: string): AuditRow[] {
  return rows.filter((row) => row.mechanism === mechanism && row.utility === utility)
    .sort((a, b) => gainOf(b) - gainOf(a));
}

/** What the utilities mean, in a few words. */
export const utilityHelp: Record<string, string> = {
  'next-weight': 'weight after this slot',
  'total-weight': 'sum of weights over the horizon',
  'final-weight': 'weight at the end of the horizon',
  pay: 'pay, as a part of the budget',
  sway: 'a label near its own belief',
};

export function readAudit({ rows = [], mechanisms = [] }: AuditReport): string {
  const worst = [...rows].sort((a, b) => gainOf(b) - gainOf(a))[0];
  if (!worst) return 'Nothing was audited.';
  const myopic = ['next-weight', 'pay'];
  const clean = mechanisms.map(({ name }) => name).filter((name) => myopic.every((utility) => {
    const found = rowsOf(rows, name, utility);
    return found.length > 0 && found.every((row) => row.exact && gainOf(row) <= nothing);
  }));
  const some = clean.length > 6 ? `${clean.slice(0, 5).join(', ')} and ${clean.length - 5} more` : clean.join(', ');
  const start = clean.length > 0 ? `No lie gains next weight or pay under ${some} (exact).` : 'No mechanism here is proved safe for next weight and pay.';
  if (gainOf(worst) <= nothing) return start;
  return `${start} The largest gain found is ${gainOf(worst).toFixed(3)}, for a worker who wants ${worst.utility} under ${worst.mechanism}.`;
}
