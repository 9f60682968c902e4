#include "campaign_parts.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "candor/base/file.h"
#include "candor/campaign/recorded_task.h"
#include "candor/lm/reward_model.h"
#include "json_lines.h"

namespace candor::app {
namespace {

using Json = nlohmann::json;

bool is_json(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string::npos && text[first] == '{';
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::size_t length = end - begin - (end > begin && text[end - 1] == '\r' ? 1 : 0);
    const std::string line = text.substr(begin, length);
    if (line.find_first_not_of(" \t") != std::string::npos) lines.push_back(line);
    begin = end + 1;
  }
  return lines;
}

policy::Sequence sequence_of(const tokenizer::Tokenizer& tokenizer, const std::string& prompt,
                             const std::string& answer) {
  policy::Sequence sequence;
  const auto append = [&](const std::vector<policy::Token>& tokens) {
    sequence.tokens.insert(sequence.tokens.end(), tokens.begin(), tokens.end());
  };
  if (const auto begin = tokenizer.begin()) sequence.tokens.push_back(*begin);
  append(tokenizer.encode(prompt));
  sequence.prompt_length = sequence.tokens.size();
  append(tokenizer.encode(answer));
  if (const auto end = tokenizer.end()) sequence.tokens.push_back(*end);
  return sequence;
}

// P(A is better) = s(r(A) - r(B)).
Result<double> judge_by_reward(policy::Scorer& model, const tokenizer::Tokenizer& tokenizer,
                               const campaign::Question& question) {
  const std::vector<policy::Sequence> sequences{
      sequence_of(tokenizer, question.prompt, question.answer[0]),
      sequence_of(tokenizer, question.prompt, question.answer[1])};
  CANDOR_TRY(const std::vector<double> reward, model.scores(sequences));
  return 1.0 / (1.0 + std::exp(reward[1] - reward[0]));
}

Result<campaign::Judge> make_judge(const CampaignFile& file,
                                   const tokenizer::Tokenizer& tokenizer) {
  if (file.crowd.judge == "longer") return campaign::longer_is_better();
  if (file.crowd.judge == "shorter") return campaign::shorter_is_better();
  lm::ModelOptions options = file.model_options;
  options.adapter.reset();
  CANDOR_TRY(auto loaded, lm::load_reward_model(file.crowd.judge, options));
  const std::shared_ptr<policy::Scorer> model = std::move(loaded);
  return campaign::Judge([model, &tokenizer](const campaign::Question& question) {
    return judge_by_reward(*model, tokenizer, question);
  });
}

std::vector<std::string> names_of(const std::vector<WorkerId>& ids,
                                  const std::vector<std::string>& workers) {
  std::vector<std::string> names;
  for (const WorkerId id : ids) names.push_back(workers[id.index()]);
  return names;
}

// JSON is UTF-8 by itself; a plain text may be anything.
Status check_lines(const std::vector<std::string>& lines, const std::string& path) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    try {
      (void)Json(lines[i]).dump();
    } catch (const Json::exception&) {
      return Error{ErrorCode::malformed, shown(Json(lines[i]))}
          .at_row(path, i + 1)
          .in_field("prompt")
          .expecting("UTF-8")
          .way("save the file as UTF-8");
    }
  }
  return {};
}

}  // namespace

Result<std::vector<std::string>> read_prompts(const std::string& path) {
  CANDOR_TRY(const std::string text, read_bytes(path));
  if (!is_json(text)) {
    std::vector<std::string> lines = lines_of(text);
    CANDOR_CHECK(check_lines(lines, path));
    return lines;
  }
  std::vector<std::string> prompts;
  CANDOR_CHECK(read_json_lines(path, [&](const Json& line, std::uint64_t row) -> Status {
    const auto prompt = line.find("prompt");
    if (prompt != line.end() && prompt->is_string()) {
      prompts.push_back(prompt->get<std::string>());
      return {};
    }
    return Error{ErrorCode::malformed, shown(line)}
        .at_row(path, row)
        .in_field("prompt")
        .expecting("a text")
        .way("give every line a prompt");
  }));
  return prompts;
}

Result<std::unique_ptr<campaign::Task>> make_task(const CampaignFile& file,
                                                  std::vector<std::string> prompts,
                                                  const tokenizer::Tokenizer& tokenizer) {
  if (!file.crowd.reports.empty()) {
    CANDOR_TRY(auto task, campaign::RecordedTask::open(
                              {std::move(prompts), file.crowd.reports, file.crowd.reports_a_slot}));
    return std::unique_ptr<campaign::Task>(std::move(task));
  }
  CANDOR_TRY(campaign::Judge judge, make_judge(file, tokenizer));
  CANDOR_TRY(auto task, campaign::JudgedTask::create(std::move(prompts), std::move(judge),
                                                     file.crowd.workers));
  return std::unique_ptr<campaign::Task>(std::move(task));
}

Status write_questions(const std::string& folder, const std::vector<campaign::SlotState>& slots,
                       const std::vector<std::string>& workers) {
  std::string text;
  for (const campaign::SlotState& slot : slots) {
    if (!slot.label.empty() || slot.over) continue;
    nlohmann::ordered_json line{{"task_id", slot.question.slot},
                                {"prompt", slot.question.prompt},
                                {"a", slot.question.answer[0]},
                                {"b", slot.question.answer[1]}};
    if (!slot.asked.empty()) line["asked"] = names_of(slot.asked, workers);
    text += line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  }
  return write_file(folder + "/questions.jsonl", text);
}

}  // namespace candor::app
