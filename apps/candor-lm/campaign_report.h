// A campaign's result for people: a table, JSON, and what the HTML report shows.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "campaign_file.h"
#include "candor/align/metrics.h"

namespace candor::app {

/// One prompt, answered greedily by the first policy and by the last.
struct Sample {
  std::string prompt;
  std::string before;
  std::string after;
};

struct CampaignSummary {
  campaign::CampaignResult result;
  std::vector<std::string> workers;
  std::vector<Sample> samples;
  std::vector<align::Metrics> records;
};

/// Three prompts spread over the task's.
Result<std::vector<Sample>> write_samples(policy::Policy& before, policy::Policy& after,
                                          const tokenizer::Tokenizer& tokenizer,
                                          const campaign::Task& task,
                                          const campaign::CampaignOptions& options);

/// All records of FOLDER/log; none where there is no log yet.
Result<std::vector<align::Metrics>> read_records(const std::string& folder);

[[nodiscard]] std::string summary_text(const CampaignSummary& summary);
/// Report kind "alignment" (candor/report/report.h).
[[nodiscard]] nlohmann::json summary_json(const CampaignFile& file, const CampaignSummary& summary);

}  // namespace candor::app
