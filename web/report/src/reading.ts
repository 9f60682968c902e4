// The result in one sentence.
import { isNumber, type Method, type ReportData } from './data';
import { fixed } from './format';
import { bestBy, orderMethods } from './method_order';
import { slopeRows } from './slope_table';

const rivals = ['hedged', 'weighted-score', 'average', 'median', 'dawid-skene-online'];

export function readReplay(data: ReportData): string {
  const methods = data.methods ?? [];
  const best = bestBy(methods, (method) => method.brier);
  if (!best) return 'No slot has been settled, so no method could be scored.';
  const others = [orderMethods(methods).key, 'average']
    .map((name) => methods.find((method) => method.name === name))
    .filter((method): method is Method => method !== undefined && method !== best && isNumber(method.brier));
  const rest = [...new Set(others)].map((method) => `; ${method.name} ${fixed(3)(method.brier)}`);
  return `${best.name} has the lowest Brier score, ${fixed(3)(best.brier)}${rest.join('')}.`;
}

/** "0.49 to 0.50", and whether there are scenarios in which nothing grew. */
function span(slopes: (number | null)[]): string {
  const values = slopes.filter(isNumber);
  const low = fixed(2)(Math.min(...values));
  const high = fixed(2)(Math.max(...values));
  return (low === high ? low : `${low} to ${high}`) + (values.length < slopes.length ? ' or no growth' : '');
}

export function readSimulation(data: ReportData): string {
  const scenarios = data.scenarios ?? [];
  const rows = slopeRows(scenarios);
  const named = rivals.flatMap((name) => rows.filter((row) => row.name === name));
  const where = scenarios.length === 1 ? 'one scenario' : `${scenarios.length} scenarios`;
  if (rows.length === 0) return `Regret in ${where}.`;
  const parts = (named.length > 0 ? named : rows.slice(0, 3)).map((row) => `${row.name} ${span(row.slopes)}`);
  return `How fast regret grows in ${where} (1: linear, ½: like √T): ${parts.join(', ')}.`;
}
