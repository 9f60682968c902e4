// One pass of a replay: a table's slots become events, the events go through the fold, and what the
// fold does is scored. Thrown away and begun again if the stream replans.
#pragma once

#include <memory>
#include <optional>

#include "candor/base/random.h"
#include "candor/baseline/dawid_skene_online.h"
#include "candor/evaluation/producer.h"
#include "candor/evaluation/replay.h"
#include "evaluation/asking_desk.h"
#include "evaluation/kept_slots.h"
#include "evaluation/replay_files.h"

namespace candor::evaluation {

class ReplayRun final : public event::FoldObserver {
 public:
  ReplayRun(const ReplayOptions& options, const dataset::Survey& survey,
            const mechanism::MechanismSpec& spec);

  /// Opens the campaign, lets the founders join, opens the files.
  Status open();
  Status visit(const dataset::SlotRecord& record);
  Result<ReplayResult> finish(const dataset::StreamSummary& summary);

  [[nodiscard]] std::uint64_t settled_reports() const { return settled_reports_; }

  void on_settled(SlotId slot, const mechanism::PooledSlot& pooled, std::span<const double> outcome,
                  const mechanism::Settlement& settlement) override;
  void on_pooled(SlotId slot, const mechanism::PooledSlot& pooled) override;

 private:
  Status join(WorkerId in_survey);
  Status join_workers_of(const dataset::SlotRecord& record);
  [[nodiscard]] bool can_be_paid() const;
  Result<std::vector<std::size_t>> read_places(SlotId slot);
  Status take_answers(SlotId slot, const dataset::SlotRecord& record);
  Status emit_reports(SlotId slot, const dataset::SlotRecord& record);
  Status emit_outcome(SlotId slot, const dataset::SlotRecord& record);
  void sample_weights();
  [[nodiscard]] std::string issued_label() const;
  [[nodiscard]] BoundOf bounds() const;
  [[nodiscard]] std::optional<double> bound_of(std::size_t method, WorkerId worker) const;
  [[nodiscard]] MethodResult method_result(const Scoreboard& board, std::size_t method) const;
  void fill_counts(ReplayResult& result, const dataset::StreamSummary& summary) const;
  void add_online_methods(ReplayResult& result);
  Status add_whole_file_methods(ReplayResult& result);
  void add_best_worker(ReplayResult& result) const;
  void add_weights(ReplayResult& result) const;
  void add_weight_curves(ReplayResult& result) const;

  const ReplayOptions& options_;
  const dataset::Survey& survey_;
  mechanism::MechanismSpec spec_;
  Producer producer_;
  RandomStream draws_;
  std::optional<ReplayFiles> files_;
  std::vector<WorkerId> campaign_worker_;     // by the survey's id
  std::vector<std::uint32_t> survey_worker_;  // by the campaign's id
  std::optional<AskingDesk> desk_;            // with an asking rule
  std::vector<WorkerId> slot_workers_;        // whose answers are read
  std::span<const double> slot_reports_;      // [slot_workers_, K]
  std::vector<double> read_reports_;
  std::uint64_t reports_read_ = 0;
  std::uint64_t unpaid_slots_ = 0;
  std::optional<baseline::OnlineDawidSkene> em_;
  std::vector<double> em_label_;
  std::optional<Scoreboard> board_;
  std::optional<RegretCurves> curves_;
  std::vector<double> labels_;  // [methods, K]
  std::optional<KeptSlots> kept_;
  std::vector<std::vector<float>> weight_samples_;
  double drawn_loss_ = 0.0;
  std::uint64_t settled_reports_ = 0;
  SlotId slot_in_survey_;
  std::span<const double> outcome_in_survey_;
  Status file_status_;
  std::uint32_t next_slot_ = 0;
  event::ReportSubmitted report_;
};

}  // namespace candor::evaluation
