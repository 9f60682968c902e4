// campaign.json: everything about a campaign that trains a model, in one file of its folder.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "candor/campaign/campaign.h"
#include "candor/campaign/judged_task.h"
#include "candor/lm/language_model.h"

namespace candor::app {

/// Who reports, and what turned out to be right.
struct CrowdChoice {
  std::string reports = {};  ///< a table that grows; empty: simulated workers
  std::size_t reports_a_slot = 1;
  std::string judge = {};  ///< "longer", "shorter", or a reward model's folder
  std::vector<campaign::JudgedWorkers> workers = {};
};

struct CampaignFile {
  std::string model;           ///< a folder or .gguf file
  std::string tokenizer = {};  ///< where it is not beside the model
  lm::ModelOptions model_options = {};
  std::string prompts;  ///< JSON lines with "prompt", or a text a line
  CrowdChoice crowd = {};
  campaign::CampaignOptions options = {};
};

/// Paths in the file are relative to it. Members that are not known are refused, so that a typing
/// error cannot change a campaign silently. Errors: not_found, malformed (the member is named),
/// out_of_range.
Result<CampaignFile> read_campaign_file(const std::string& folder);

}  // namespace candor::app
