#include "campaign_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <numeric>

#include "campaign_log.h"
#include "candor/align/metrics_log.h"
#include "candor/campaign/prompts.h"
#include "candor/campaign/score.h"

namespace candor::app {
namespace {

using Json = nlohmann::json;

constexpr std::size_t sample_count = 3;
constexpr std::size_t workers_shown = 10;

// An answer that was cut inside a character ends in U+FFFD.
std::string printable_text(const std::string& bytes) {
  return Json::parse(Json(bytes).dump(-1, ' ', false, Json::error_handler_t::replace))
      .get<std::string>();
}

Result<std::vector<std::string>> answers_of(policy::Policy& policy,
                                            const tokenizer::Tokenizer& tokenizer,
                                            const std::vector<std::string>& prompts,
                                            const campaign::CampaignOptions& options) {
  CANDOR_TRY(const auto tokens, campaign::prompt_tokens(policy, tokenizer, options, prompts));
  policy::GenerateOptions greedy = options.generate;
  greedy.temperature = 0.0;
  CANDOR_TRY(const auto sequences, policy.generate(tokens, greedy, options.seed));
  std::vector<std::string> texts;
  for (const policy::Sequence& sequence : sequences) {
    CANDOR_TRY(const std::string text, tokenizer.decode(sequence.answer()));
    texts.push_back(printable_text(text));
  }
  return texts;
}

// Workers by weight, heaviest first.
std::vector<std::size_t> by_weight(const std::vector<double>& weight) {
  std::vector<std::size_t> order(weight.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return weight[a] > weight[b]; });
  return order;
}

double mean(double sum, std::size_t count) {
  return count > 0 ? sum / static_cast<double>(count) : 0.0;
}

Json weights_json(const CampaignSummary& summary, const campaign::CampaignScore& score) {
  Json weights = Json::array();
  for (const std::size_t i : by_weight(summary.result.weight)) {
    const campaign::WorkerScore& worker = score.worker[i];
    weights.push_back(
        {{"worker", summary.workers[i]},
         {"weight", summary.result.weight[i]},
         {"reports", worker.reports},
         {"loss", worker.reports > 0 ? Json(mean(worker.loss, worker.reports)) : Json()}});
  }
  return weights;
}

Json samples_json(const std::vector<Sample>& samples) {
  Json list = Json::array();
  for (const Sample& sample : samples)
    list.push_back({{"prompt", sample.prompt}, {"before", sample.before}, {"after", sample.after}});
  return list;
}

std::size_t reports_in(const CampaignSummary& summary) {
  std::size_t reports = 0;
  for (const campaign::SlotState& slot : summary.result.slots) reports += slot.reports.size();
  return reports;
}

std::string workers_text(const CampaignSummary& summary, const campaign::CampaignScore& score) {
  std::string text =
      fmt::format("{:<24} {:>12} {:>9} {:>9}\n", "worker", "weight", "slots", "loss");
  const std::vector<std::size_t> order = by_weight(summary.result.weight);
  for (std::size_t rank = 0; rank < std::min(order.size(), workers_shown); ++rank) {
    const std::size_t i = order[rank];
    text += fmt::format("{:<24} {:>12.6g} {:>9} {:>9.4f}\n", summary.workers[i],
                        summary.result.weight[i], score.worker[i].reports,
                        mean(score.worker[i].loss, score.worker[i].reports));
  }
  return text;
}

std::string samples_text(const std::vector<Sample>& samples) {
  std::string text;
  for (const Sample& sample : samples)
    text += fmt::format("\nprompt  {}\nbefore  {}\nafter   {}\n", sample.prompt, sample.before,
                        sample.after);
  return text;
}

}  // namespace

Result<std::vector<Sample>> write_samples(policy::Policy& before, policy::Policy& after,
                                          const tokenizer::Tokenizer& tokenizer,
                                          const campaign::Task& task,
                                          const campaign::CampaignOptions& options) {
  std::vector<std::string> prompts;
  const std::size_t count = std::min(sample_count, task.prompts());
  for (std::size_t i = 0; i < count; ++i)
    prompts.push_back(task.prompt(i * task.prompts() / count));
  CANDOR_TRY(const std::vector<std::string> first, answers_of(before, tokenizer, prompts, options));
  CANDOR_TRY(const std::vector<std::string> last, answers_of(after, tokenizer, prompts, options));
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < count; ++i) samples.push_back({prompts[i], first[i], last[i]});
  return samples;
}

Result<std::vector<align::Metrics>> read_records(const std::string& folder) {
  const std::string path = folder + "/log/metrics.jsonl";
  if (!std::filesystem::exists(path)) return std::vector<align::Metrics>{};
  return align::read_metrics(path);
}

std::string summary_text(const CampaignSummary& summary) {
  const campaign::CampaignScore score =
      campaign::score(summary.result.slots, summary.workers.size());
  std::string text = fmt::format(
      "policy version {}: {} workers, {} slots ({} settled), {} reports\n", summary.result.version,
      summary.workers.size(), summary.result.slots.size(), score.settled, reports_in(summary));
  if (score.settled > 0)
    text += fmt::format("label: loss {:.4f}, accuracy {:.4f}, regret to the best worker {}\n",
                        mean(score.label_loss, score.settled), score.label_accuracy,
                        score.regret ? fmt::format("{:.1f}", *score.regret) : std::string("-"));
  return text + "\n" + workers_text(summary, score) + samples_text(summary.samples);
}

Json summary_json(const CampaignFile& file, const CampaignSummary& summary) {
  const campaign::CampaignScore score =
      campaign::score(summary.result.slots, summary.workers.size());
  return {{"kind_of_report", "alignment"},
          {"title", file.options.name},
          {"version", CANDOR_VERSION},
          {"command", "candor align --campaign " + file.options.folder},
          {"mechanism", file.options.mechanism.weight_rule + " x " + file.options.mechanism.label},
          {"objective", file.options.objective},
          {"model", file.model},
          {"data", file.prompts},
          {"policy_version", summary.result.version},
          {"rounds", summary.result.version},
          {"workers", summary.workers.size()},
          {"slots", summary.result.slots.size()},
          {"waiting", summary.result.waiting},
          {"settled", score.settled},
          {"reports", reports_in(summary)},
          {"label_loss", score.settled > 0 ? Json(mean(score.label_loss, score.settled)) : Json()},
          {"label_accuracy", score.settled > 0 ? Json(score.label_accuracy) : Json()},
          {"regret", score.regret ? Json(*score.regret) : Json()},
          {"metrics", metrics_json(summary.records)},
          {"by_round", rounds_json(summary.records)},
          {"samples", samples_json(summary.samples)},
          {"weights", weights_json(summary, score)}};
}

}  // namespace candor::app
