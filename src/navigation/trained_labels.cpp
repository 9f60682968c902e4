#include "candor/baseline/dawid_skene.h"
#include "navigation/seed_run.h"

namespace candor::navigation {
namespace {

using campaign::SlotState;

void add_slot(baseline::ReportTable& table, const SlotState& slot) {
  std::vector<WorkerId> workers;
  std::vector<double> reports;
  for (const campaign::WorkerReport& report : slot.reports) {
    workers.push_back(report.worker);
    reports.insert(reports.end(), {report.a_preferred, 1.0 - report.a_preferred});
  }
  table.add_slot(workers, reports);
}

// EM as the campaign ran it: at the end of each round, over all slots so far.
Result<std::vector<double>> labels_by_em(const std::vector<SlotState>& slots) {
  baseline::ReportTable table(2);
  std::vector<double> labels;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    add_slot(table, slots[i]);
    const bool round_is_over = i + 1 == slots.size() || slots[i + 1].round != slots[i].round;
    if (!round_is_over) continue;
    CANDOR_TRY(const baseline::DawidSkeneResult em, baseline::dawid_skene(table));
    while (labels.size() <= i) labels.push_back(em.posterior[2 * labels.size()]);
  }
  return labels;
}

}  // namespace

Result<std::vector<double>> trained_labels(const std::vector<SlotState>& slots,
                                           campaign::LabelSource source) {
  if (source == campaign::LabelSource::dawid_skene) return labels_by_em(slots);
  std::vector<double> labels;
  for (const SlotState& slot : slots)
    labels.push_back(source == campaign::LabelSource::outcome ? slot.outcome[0] : slot.label[0]);
  return labels;
}

}  // namespace candor::navigation
