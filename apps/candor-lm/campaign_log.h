// What a campaign leaves beside its ledger for people to look at: metrics step by step, and how each
// round's answers and labels were.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "candor/align/metrics_log.h"
#include "candor/campaign/campaign.h"

namespace candor::app {

class CampaignLog final : public campaign::CampaignObserver {
 public:
  /// options must outlive the log. FOLDER/log: metrics.jsonl and TensorBoard's events; what is there is continued. Steps count on
  /// through all rounds; each record has its round.
  static Result<std::unique_ptr<CampaignLog>> open(const std::string& folder,
                                                   const campaign::CampaignOptions& options);

  Status on_step(std::size_t round, const align::Metrics& metrics) override;
  /// Adds to the round's first step: kl to the initial policy, on fresh answers to the round's prompts,
  /// and the share of slots whose two answers are the same; win_rate, the mean outcome of the current
  /// policy's answers, where another policy wrote the second and outcomes are known.
  Status on_collected(std::size_t round, std::span<const campaign::SlotState> slots,
                      policy::Policy& current, policy::Policy& initial) override;
  Status on_published(std::uint32_t version, policy::Policy& policy) override;

 private:
  CampaignLog(std::string folder, align::MetricsLog log, std::vector<align::Metrics> before,
              const campaign::CampaignOptions& options)
      : folder_(std::move(folder)),
        log_(std::move(log)),
        before_(std::move(before)),
        options_(options) {}
  [[nodiscard]] std::uint64_t steps_before(std::size_t round) const;

  std::string folder_;
  align::MetricsLog log_;
  std::vector<align::Metrics> before_;  // every record, those of earlier runs included
  const campaign::CampaignOptions& options_;
  std::vector<align::Metric> of_round_;
};

/// Members "metrics" and "by_round" of a report (candor/report/report.h), from all records of a
/// campaign's metrics.jsonl.
[[nodiscard]] nlohmann::json metrics_json(const std::vector<align::Metrics>& records);
[[nodiscard]] nlohmann::json rounds_json(const std::vector<align::Metrics>& records);

}  // namespace candor::app
