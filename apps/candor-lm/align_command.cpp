#include "align_command.h"

#include <fmt/format.h>

#include <cstdio>

#include "campaign_log.h"
#include "campaign_parts.h"
#include "campaign_report.h"
#include "candor/base/file.h"
#include "candor/campaign/score.h"
#include "candor/report/report.h"
#include "model_options.h"
#include "text_codec.h"

namespace candor::app {
namespace {

struct AlignOptions {
  std::string campaign;
  std::optional<std::size_t> rounds;
  std::string report;
  bool json = false;
};

// What the campaign hangs on beside its numbers, so that it is not continued with another model or crowd.
std::string about(const CampaignFile& file) {
  std::string text = file.model + "; " + file.crowd.reports + file.crowd.judge;
  for (const campaign::JudgedWorkers& workers : file.crowd.workers)
    text += fmt::format("; {} of accuracy {}, conduct {}", workers.count, workers.accuracy,
                        static_cast<int>(workers.conduct));
  if (const auto& adapter = file.model_options.adapter)
    text += fmt::format("; adapter of rank {}, alpha {}", adapter->rank, adapter->alpha);
  return text + "; " + file.model_options.precision;
}

void note_cut(const campaign::CampaignResult& result) {
  if (result.prompts_cut == 0) return;
  note(fmt::format(
      "{} of {} prompts were too long for the context beside an answer: they lost up to "
      "{} tokens at their left",
      result.prompts_cut, result.slots.size(), result.most_cut));
}

Status tell(const AlignOptions& chosen, const CampaignFile& file, const CampaignSummary& summary) {
  const nlohmann::json json = summary_json(file, summary);
  if (!chosen.report.empty()) CANDOR_CHECK(write_file(chosen.report, report::render_report(json)));
  if (chosen.json) {
    fmt::print("{}\n", json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  } else {
    fmt::print("{}", summary_text(summary));
  }
  return {};
}

Status finish(const AlignOptions& chosen, const CampaignFile& file, CampaignSummary summary) {
  note_cut(summary.result);
  if (!file.crowd.reports.empty())
    CANDOR_CHECK(write_questions(file.options.folder, summary.result.slots, summary.workers));
  if (summary.result.finished()) return tell(chosen, file, summary);
  note(fmt::format(
      "{} slots wait for reports: show people {}/questions.jsonl, put what they say into "
      "{}, and run this again",
      summary.result.waiting, file.options.folder, file.crowd.reports));
  return tell(chosen, file, summary);
}

Status align(const AlignOptions& chosen) {
  CANDOR_TRY(CampaignFile file, read_campaign_file(chosen.campaign));
  if (chosen.rounds) file.options.rounds = *chosen.rounds;
  MachineOptions machine;
  machine.device = file.model_options.device;
  machine.precision = file.model_options.precision;
  machine.threads = file.model_options.threads;
  CANDOR_CHECK(note_machine(machine));
  CANDOR_TRY(const auto tokenizer, read_tokenizer(file.model, file.tokenizer));
  CANDOR_TRY(const auto policy, lm::load_policy(file.model, file.model_options));
  CANDOR_TRY(const checkpoint::ModelConfig config, read_model_config(file.model));
  CANDOR_TRY(const TextCodec codec,
             TextCodec::create(tokenizer, config, file.options.chat_template));
  file.options.generate.stop = codec.ends();
  file.options.about = about(file);
  CANDOR_TRY(std::vector<std::string> prompts, read_prompts(file.prompts));
  CANDOR_TRY(const auto task, make_task(file, std::move(prompts), *tokenizer));
  CANDOR_TRY(const auto initial, policy->frozen_copy());
  CANDOR_TRY(const auto log, CampaignLog::open(file.options.folder, file.options));
  CampaignSummary summary;
  CANDOR_TRY(summary.result,
             campaign::run_campaign(*policy, *tokenizer, *task, file.options, log.get()));
  summary.workers = task->workers();
  CANDOR_TRY(summary.samples, write_samples(*initial, *policy, *tokenizer, *task, file.options));
  CANDOR_TRY(summary.records, read_records(file.options.folder));
  CANDOR_CHECK(policy->save_model(file.options.folder + "/model"));
  return finish(chosen, file, std::move(summary));
}

}  // namespace

void add_align(CLI::App& program, Action& action) {
  const auto options = std::make_shared<AlignOptions>();
  CLI::App& verb = *program.add_subcommand(
      "align", "Fine-tune a language model on what a crowd prefers, round after round");
  verb.add_option("--campaign", options->campaign,
                  "A folder with campaign.json (docs/align.md); the ledger, the policies and the "
                  "metrics go there, and a campaign that was interrupted goes on")
      ->required()
      ->type_name("FOLDER");
  verb.add_option("--rounds", options->rounds, "Instead of the file's: a finished campaign goes on")
      ->check(whole_number_from(1));
  verb.add_option("--report", options->report, "Write the result as an HTML page")
      ->type_name("FILE");
  verb.add_flag("--json", options->json, "Print the result as JSON");
  verb.callback([options, &action] { action = [options] { return align(*options); }; });
}

}  // namespace candor::app
