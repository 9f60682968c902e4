// The numbers behind a heat map, made when they are asked for.
import type { HeatMap } from './audit_data';
import { h } from './dom';
import { plainTable } from './figure';
import { compact, tick } from './format';

/** At most 11 columns, evenly chosen, the ends among them. */
function someColumns(count: number): number[] {
  const wanted = Math.min(11, count);
  return Array.from({ length: wanted }, (_, k) => Math.round((k * (count - 1)) / Math.max(1, wanted - 1)));
}

export function figureTable(map: HeatMap): HTMLElement {
  const place = h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Numbers: gain by belief and report' });
  const make = (): HTMLElement => {
    const columns = someColumns(map.reports.length);
    const header = ['belief', ...columns.map((at) => `report ${tick(map.reports[at] ?? 0)}`)];
    return plainTable('Gain over honesty', header, map.beliefs.map((belief, row) =>
      [tick(belief), ...columns.map((at) => compact(map.gain[row]?.[at]))]));
  };
  const details: HTMLDetailsElement = h('details', {
    toggle: () => { if (details.open && !place.firstChild) place.append(make()); },
  }, h('summary', {}, 'Show the numbers'), place);
  return details;
}
