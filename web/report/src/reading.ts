// The result in one sentence.
import { isNumber, type ReportData } from './data';
import { fixed } from './format';
import { bestBy } from './method_order';
import { slopeRows } from './slope_table';

const span = (values: number[]): string => {
  const low = fixed(2)(Math.min(...values));
  const high = fixed(2)(Math.max(...values));
  return low === high ? low : `${low} to ${high}`;
};

export function readReplay(data: ReportData): string {
  const methods = data.methods ?? [];
  const best = bestBy(methods, (method) => method.brier);
  if (!best) return 'No slot has been settled, so no method could be scored.';
  const average = methods.find((method) => method.name === 'average');
  const rival = average && average !== best && isNumber(average.brier) ? `; average ${fixed(3)(average.brier)}` : '';
  return `${best.name} has the lowest Brier score, ${fixed(3)(best.brier)}${rival}.`;
}

export function readSimulation(data: ReportData): string {
  const scenarios = data.scenarios ?? [];
  const rows = slopeRows(scenarios).map((row) => ({ ...row, slopes: row.slopes.filter(isNumber) }));
  const best = rows.filter((row) => !row.wholeFile).sort((a, b) => Math.max(...a.slopes) - Math.max(...b.slopes))[0];
  if (!best) return `${scenarios.length} simulated scenarios.`;
  const average = rows.find((row) => row.name === 'average' && row !== best);
  const rival = average ? `; average ${span(average.slopes)}` : '';
  const where = scenarios.length > 1 ? ` over ${scenarios.length} scenarios` : '';
  return `${best.name} has the slowest growth of regret${where}: fitted slope ${span(best.slopes)}${rival}.`;
}
