// The fitted slopes of all scenarios side by side: which methods keep losing, and which learn.
import { isNumber, type Method, type Scenario } from './data';
import { h } from './dom';
import { dataTable, scrollBox, type Column } from './data_table';
import { fixed } from './format';

interface Row {
  name: string;
  slopes: (number | null)[];
}

const slopeOf = (scenario: Scenario, name: string): number | null => {
  const slope = scenario.methods?.find((method: Method) => method.name === name)?.slope;
  return isNumber(slope) ? slope : null;
};

export function slopeRows(scenarios: Scenario[]): Row[] {
  const names = [...new Set(scenarios.flatMap((scenario) => (scenario.methods ?? []).map((method) => method.name)))];
  return names
    .map((name) => ({ name, slopes: scenarios.map((scenario) => slopeOf(scenario, name)) }))
    .filter((row) => row.slopes.some(isNumber));
}

export function slopeTable(scenarios: Scenario[], subject: string | undefined): HTMLElement | null {
  const rows = slopeRows(scenarios);
  if (scenarios.length < 2 || rows.length === 0) return null;
  const columns: Column<Row>[] = [
    { label: 'Method', help: 'How the reports are turned into one prediction.', value: (row) => row.name, cell: (row) => row.name },
    ...scenarios.map((scenario, at): Column<Row> => ({
      label: scenario.name, help: scenario.description ?? '', value: (row) => row.slopes[at], cell: (row) => fixed(2)(row.slopes[at]),
    })),
  ];
  const table = dataTable({ caption: 'Fitted slopes', columns, order: { column: 1, descending: false }, rowClass: (row) => (row.name === subject ? 'subject' : '') });
  table.setRows(rows);
  return h('section', { 'aria-labelledby': 'slopes' }, h('h2', { id: 'slopes' }, 'How fast regret grows'),
    h('p', { class: 'lead' }, 'Fitted slope of regret against time on logarithmic axes. Near 1, a method loses ground on every slot for ever; at ½ or below, it has learned whom to follow. A dash: no regret to fit.'),
    scrollBox('Fitted slopes', table.element));
}
