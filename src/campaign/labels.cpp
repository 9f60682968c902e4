#include "campaign/labels.h"

#include "candor/baseline/dawid_skene.h"

namespace candor::campaign {
namespace {

// P(A preferred) of every slot by EM over all slots so far.
Result<std::vector<double>> labels_by_em(const std::vector<SlotState>& slots) {
  baseline::ReportTable table(2);
  std::vector<WorkerId> workers;
  std::vector<double> reports;
  for (const SlotState& slot : slots) {
    workers.clear();
    reports.clear();
    for (const WorkerReport& report : slot.reports) {
      workers.push_back(report.worker);
      reports.insert(reports.end(), {report.a_preferred, 1.0 - report.a_preferred});
    }
    table.add_slot(workers, reports);
  }
  CANDOR_TRY(const baseline::DawidSkeneResult em, baseline::dawid_skene(table));
  std::vector<double> label;
  for (std::size_t i = 0; i < slots.size(); ++i) label.push_back(em.posterior[2 * i]);
  return label;
}

Result<double> label_by_outcome(Task& task, const Question& question) {
  CANDOR_TRY(const std::optional<double> outcome, task.outcome(question));
  if (outcome) return *outcome;
  return Error{ErrorCode::conflict, "no outcome yet"}
      .in_field(question.slot)
      .expecting("outcomes that are known when the policy is trained, to use them as labels")
      .way("train on the mechanism's label");
}

// Weighted sums of reports can miss the total of 1 in the last bit.
double a_preferred(const std::vector<double>& label) {
  return label[0] / (label[0] + label[1]);
}

align::PreferencePair pair_of(const SlotState& slot, double label) {
  align::PreferencePair pair;
  pair.a = slot.sequence[0];
  pair.b = slot.sequence[1];
  pair.label = label;
  pair.slot = slot.question.slot;
  return pair;
}

}  // namespace

Result<std::vector<align::PreferencePair>> pairs_of_rounds(const Book& book, Task& task,
                                                           const Collector& collector,
                                                           LabelSource source,
                                                           std::size_t first_round,
                                                           std::size_t last_round) {
  std::vector<double> by_em;
  if (source == LabelSource::dawid_skene) {
    CANDOR_TRY(by_em, labels_by_em(book.slots()));
  }
  std::vector<align::PreferencePair> pairs;
  for (std::size_t i = 0; i < book.slots().size(); ++i) {
    const SlotState& slot = book.slot(i);
    if (slot.label.empty() || slot.round < first_round || slot.round > last_round) continue;
    double label = source == LabelSource::dawid_skene ? by_em[i] : a_preferred(slot.label);
    if (source == LabelSource::outcome) {
      CANDOR_TRY(label, label_by_outcome(task, collector.question(i)));
    }
    pairs.push_back(pair_of(slot, label));
  }
  return pairs;
}

}  // namespace candor::campaign
