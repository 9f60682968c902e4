// The page: reads the data block and puts the parts in order.
import 'uplot/dist/uPlot.min.css';
import './style/page.css';
import './style/table.css';
import './style/chart.css';
import './style/audit.css';
import './style/alignment.css';
import './style/print.css';
import type { AlignmentReport } from './alignment_data';
import { alignmentFacts, alignmentParts } from './alignment_page';
import { readAlignment } from './alignment_reading';
import { readAudit, type AuditReport } from './audit_data';
import { auditParts } from './audit_page';
import { readData, type ReportData, type Scenario } from './data';
import { h } from './dom';
import type { ExperimentReport } from './experiment_data';
import { experimentFacts, experimentParts } from './experiment_page';
import { readExperimentSentence } from './experiment_reading';
import { footer, header } from './header';
import { ledgerAuditParts, type LedgerReport } from './ledger_audit_page';
import { orderMethods, type MethodOrder } from './method_order';
import { methodTable } from './method_table';
import { readReplay, readSimulation } from './reading';
import { regretFigure } from './regret_chart';
import { reliabilityFigure } from './reliability_chart';
import { slopeTable } from './slope_table';
import { weightFigure } from './weight_chart';
import { workerTable } from './worker_table';

type Part = HTMLElement | null | undefined | false;

function replayParts(data: ReportData): Part[] {
  const methods = data.methods ?? [];
  const order = orderMethods(methods.length > 0 ? methods : (data.regret_curves?.series ?? []).map(({ name }) => ({ name })));
  return [
    header(data, 'replay', readReplay(data)),
    h('section', { 'aria-labelledby': 'methods' }, h('h2', { id: 'methods' }, 'Methods'), methodTable(methods, 'Methods', order.key)),
    data.regret_curves && regretFigure(data.regret_curves, order),
    data.reliability && reliabilityFigure(data.reliability, order),
    data.weight_curves && weightFigure(data.weight_curves),
    data.weights && workerTable(data.weights),
    footer(data),
  ];
}

function scenarioPart(scenario: Scenario, order: MethodOrder, at: number): HTMLElement {
  const id = `scenario-${at}`;
  const chart = scenario.regret_curves && regretFigure(scenario.regret_curves, order, { level: 3, explain: at === 0 });
  return h('section', { 'aria-labelledby': id }, h('h2', { id }, scenario.name),
    scenario.description ? h('p', { class: 'lead' }, scenario.description) : null,
    methodTable(scenario.methods ?? [], `Methods: ${scenario.name}`, order.key), chart);
}

function simulationParts(data: ReportData): Part[] {
  const scenarios = data.scenarios ?? [];
  const order = orderMethods([...(data.methods ?? []), ...scenarios.flatMap((scenario) => scenario.methods ?? [])]);
  return [
    header(data, 'simulation', readSimulation(data)),
    slopeTable(scenarios, order.key),
    ...scenarios.map((scenario, at) => scenarioPart(scenario, order, at)),
    footer(data),
  ];
}

function partsOf(data: ReportData): Part[] {
  switch (data.kind_of_report) {
    case 'simulation': return simulationParts(data);
    case 'audit': return [header(data, 'audit', readAudit(data as AuditReport)), ...auditParts(data as AuditReport), footer(data)];
    case 'ledger-audit': {
      const audit = data as LedgerReport;
      return [header(data, 'audit of a ledger', audit.how_to_read ?? ''), ...ledgerAuditParts(audit), footer(data)];
    }
    case 'alignment': {
      const campaign = data as AlignmentReport;
      return [header(data, 'fine-tuning', readAlignment(campaign), alignmentFacts(campaign)), ...alignmentParts(campaign), footer(data)];
    }
    case 'alignment-experiment': {
      const experiment = data as ExperimentReport;
      return [header(data, 'experiment', readExperimentSentence(experiment), experimentFacts(experiment)), ...experimentParts(experiment), footer(data)];
    }
    default: return replayParts(data);
  }
}

function show(page: HTMLElement): void {
  const parts = partsOf(readData());
  for (const part of parts) if (part) page.append(part);
}

const page = document.getElementById('report');
if (page) {
  try {
    show(page);
  } catch (error) {
    page.append(h('p', { role: 'alert' }, `This report cannot be shown: ${String(error)}`));
    throw error;
  }
}
