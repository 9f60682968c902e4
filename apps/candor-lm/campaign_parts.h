// What a campaign file names, made: prompts, the crowd, the questions that wait for people.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "campaign_file.h"

namespace candor::app {

/// A text a line (blank lines are skipped), or JSON lines with a text "prompt". Errors: not_found,
/// malformed, also for a line that is not UTF-8.
Result<std::vector<std::string>> read_prompts(const std::string& path);

/// The workers of the file: recorded or simulated. tokenizer: of the policy, for a judge that is a
/// reward model; must outlive the task. Errors: those of the tasks, and of the judge's model.
Result<std::unique_ptr<campaign::Task>> make_task(const CampaignFile& file,
                                                  std::vector<std::string> prompts,
                                                  const tokenizer::Tokenizer& tokenizer);

/// FOLDER/questions.jsonl: the slots that wait for reports, {"task_id","prompt","a","b"}, and "asked",
/// the names of those the platform asks, where it does. Empty once nothing waits.
Status write_questions(const std::string& folder, const std::vector<campaign::SlotState>& slots,
                       const std::vector<std::string>& workers);

}  // namespace candor::app
