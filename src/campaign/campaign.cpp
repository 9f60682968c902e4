#include "candor/campaign/campaign.h"

#include <algorithm>
#include <filesystem>

#include "campaign/collector.h"
#include "campaign/labels.h"
#include "campaign/settings.h"
#include "campaign/versions.h"
#include "candor/align/preference_lesson.h"
#include "candor/base/file.h"
#include "candor/base/random.h"
#include "candor/policy/draw.h"
#include "candor/policy/parameter_table.h"

namespace candor::campaign {
namespace {

Status at_least_one(std::size_t value, const char* field) {
  if (value >= 1) return {};
  return Error{ErrorCode::out_of_range, "0"}
      .in_field(field)
      .expecting("at least 1")
      .way("choose a larger number");
}

// A pair that every objective takes, to try its options on.
align::PreferencePair probe_pair() {
  align::PreferencePair pair;
  pair.a = {{0, 0}, 1};
  pair.b = {{0, 0}, 1};
  pair.reference = align::PairScores{};
  pair.previous = align::PairScores{};
  return pair;
}

// Whatever could stop a round after people have answered it is refused before the first question.
Status check_training(policy::Policy& policy, const CampaignOptions& options) {
  CANDOR_TRY(const auto objective,
             align::make_objective(options.objective, options.objective_options));
  if (options.objective == "reward-model") {
    return Error{ErrorCode::invalid_argument, options.objective}
        .in_field("objective")
        .expecting("an objective for policies")
        .way("train reward models with candor train");
  }
  if (options.objective == "inpo" && options.reference != Reference::initial) {
    return Error{ErrorCode::invalid_argument, "previous"}
        .in_field("reference")
        .expecting("initial, since inpo's own previous policy is a term apart")
        .way("set reference to initial");
  }
  CANDOR_CHECK(policy::check(options.generate));
  CANDOR_CHECK(mechanism::Mechanism::create(options.mechanism, 2));
  CANDOR_TRY(const auto lesson, align::PreferenceLesson::create({probe_pair()}, *objective));
  const auto trainer = align::Trainer::create(policy, *lesson, options.train);
  return trainer.ok() ? policy::check(options.train.step) : Status{trainer.error()};
}

// One run of the loop, from wherever the ledger says the campaign stands.
class Run {
 public:
  Run(policy::Policy& policy, const tokenizer::Tokenizer& tokenizer, const PromptEncoder& encoder,
      Task& task, const CampaignOptions& options, CampaignObserver& observer)
      : policy_(policy),
        task_(task),
        options_(options),
        observer_(observer),
        encoder_(encoder),
        recorder_(Book(options.slots_per_round, encoder)),
        collector_(recorder_, task, tokenizer, encoder, options),
        versions_(options.folder) {}

  Status begin();
  /// Whether the round is complete; if not, reports are missing.
  Result<bool> play(std::size_t round);
  CampaignResult result() &&;

 private:
  Status open_ledger();
  Status open_campaign();
  Status join_workers();
  [[nodiscard]] Status check_same_workers(const std::vector<std::string>& names) const;
  Status publish(std::size_t pairs);
  Status tell_of_answers(std::size_t round);
  Status train(std::size_t round);
  Status run_trainer(std::size_t round, std::vector<align::PreferencePair> pairs);
  Status cache_scores(const align::Objective& objective, std::vector<align::PreferencePair>& pairs);
  [[nodiscard]] align::TrainerOptions trainer_options(std::size_t round) const;
  [[nodiscard]] std::uint32_t version() const { return recorder_.fold().policies() - 1; }
  [[nodiscard]] Writers writers();

  policy::Policy& policy_;
  Task& task_;
  const CampaignOptions& options_;
  CampaignObserver& observer_;
  const PromptEncoder& encoder_;
  Recorder recorder_;
  Collector collector_;
  Versions versions_;
};

Status Run::begin() {
  CANDOR_CHECK(versions_.begin(policy_));
  CANDOR_CHECK(open_ledger());
  CANDOR_CHECK(open_campaign());
  CANDOR_CHECK(join_workers());
  if (recorder_.fold().policies() == 0) return publish(0);
  return versions_.restore(policy_, recorder_.digests());
}

Status Run::open_ledger() {
  if (options_.folder.empty()) return {};
  CANDOR_CHECK(make_folder(options_.folder));
  CANDOR_CHECK(keep_settings(options_, task_));
  return recorder_.open(options_.folder + "/ledger.jsonl");
}

Status Run::open_campaign() {
  const event::CampaignOpened opening{options_.name, {"A", "B"}, options_.mechanism};
  if (recorder_.opening() == nullptr) return recorder_.emit(opening);
  return check_same_opening(*recorder_.opening(), opening, options_.folder + "/ledger.jsonl");
}

Status Run::join_workers() {
  const std::vector<std::string>& names = task_.workers();
  CANDOR_CHECK(check_same_workers(names));
  for (std::size_t i = recorder_.fold().worker_names().size(); i < names.size(); ++i)
    CANDOR_CHECK(
        recorder_.emit(event::WorkerJoined{WorkerId{static_cast<std::uint32_t>(i)}, names[i]}));
  return {};
}

// A worker's number is its place: who was in the ledger once must stay where it was.
Status Run::check_same_workers(const std::vector<std::string>& names) const {
  const std::vector<std::string>& joined = recorder_.fold().worker_names();
  for (std::size_t i = 0; i < joined.size(); ++i) {
    if (i < names.size() && names[i] == joined[i]) continue;
    return Error{ErrorCode::conflict, i < names.size() ? names[i] : std::string("nobody")}
        .in_field("worker " + std::to_string(i))
        .expecting("\"" + joined[i] + "\", as in the ledger")
        .way(
            "keep the workers in the order of their first appearance: append rows, do not sort "
            "them");
  }
  return {};
}

// The state is on disk before the ledger says so: a ledger never names a version that is not there.
Status Run::publish(std::size_t pairs) {
  const std::uint32_t next = recorder_.fold().policies();
  CANDOR_TRY(std::string digest, versions_.save(policy_, next));
  CANDOR_CHECK(recorder_.emit(
      event::PolicyPublished{next, static_cast<std::uint32_t>(pairs), std::move(digest)}));
  CANDOR_CHECK(recorder_.sync());
  CANDOR_CHECK(versions_.published(policy_, next));
  return observer_.on_published(next, policy_);
}

Writers Run::writers() {
  const std::uint32_t now = version();
  switch (options_.opponent) {
    case Opponent::previous:
      return {{&policy_, &versions_.previous()}, {now, now > 0 ? now - 1 : 0}};
    case Opponent::initial:
      return {{&policy_, &versions_.initial()}, {now, 0}};
    case Opponent::current:
      break;
  }
  return {{&policy_, &policy_}, {now, now}};
}

Result<bool> Run::play(std::size_t round) {
  if (version() == round) {
    CANDOR_CHECK(collector_.collect(round, writers()));
    if (collector_.waiting() > 0) return false;
    CANDOR_CHECK(tell_of_answers(round));
    CANDOR_CHECK(train(round));
  }
  CANDOR_CHECK(collector_.settle_before((round + 1) * options_.slots_per_round));
  CANDOR_CHECK(recorder_.sync());
  return true;
}

Status Run::tell_of_answers(std::size_t round) {
  const std::span<const SlotState> slots = recorder_.book().slots();
  return observer_.on_collected(
      round, slots.subspan(round * options_.slots_per_round, options_.slots_per_round), policy_,
      versions_.initial());
}

Status Run::train(std::size_t round) {
  const std::size_t remembered = options_.rounds_remembered - 1;
  CANDOR_TRY(std::vector<align::PreferencePair> pairs,
             pairs_of_rounds(recorder_.book(), task_, collector_, options_.label,
                             round - std::min(round, remembered), round));
  const std::size_t count = pairs.size();
  if (count > 0) CANDOR_CHECK(run_trainer(round, std::move(pairs)));
  CANDOR_CHECK(publish(count));
  if (options_.folder.empty()) return {};
  std::error_code ignored;  // what is left of it is overwritten next time
  std::filesystem::remove_all(trainer_options(round).folder, ignored);
  return {};
}

align::TrainerOptions Run::trainer_options(std::size_t round) const {
  align::TrainerOptions options = options_.train;
  options.seed = RandomStream(options_.seed, (std::uint64_t{6} << 40U) + round).next();
  if (!options_.folder.empty())
    options.folder = options_.folder + "/training/" + std::to_string(round);
  return options;
}

Status Run::cache_scores(const align::Objective& objective,
                         std::vector<align::PreferencePair>& pairs) {
  if (objective.needs_reference()) {
    policy::Policy& reference =
        options_.reference == Reference::initial ? versions_.initial() : versions_.current();
    CANDOR_CHECK(align::cache_reference(reference, pairs));
  }
  if (objective.needs_previous()) CANDOR_CHECK(align::cache_previous(versions_.current(), pairs));
  return {};
}

Status Run::run_trainer(std::size_t round, std::vector<align::PreferencePair> pairs) {
  CANDOR_TRY(const auto objective,
             align::make_objective(options_.objective, options_.objective_options));
  CANDOR_CHECK(cache_scores(*objective, pairs));
  CANDOR_TRY(const auto lesson, align::PreferenceLesson::create(std::move(pairs), *objective));
  CANDOR_TRY(const auto trainer, align::Trainer::create(policy_, *lesson, trainer_options(round)));
  trainer->on_metrics([&](const align::Metrics& m) { return observer_.on_step(round, m); });
  CANDOR_CHECK(trainer->resume());
  return trainer->run();
}

CampaignResult Run::result() && {
  CampaignResult result;
  result.waiting = collector_.waiting();
  for (const SlotState& slot : recorder_.book().slots()) {
    const std::size_t excess = encoder_.excess(slot.question.prompt);
    result.prompts_cut += excess > 0 ? 1 : 0;
    result.most_cut = std::max(result.most_cut, excess);
  }
  result.version = version();
  const auto weights = recorder_.fold().mechanism()->weight_rule().weights();
  result.weight.assign(weights.begin(), weights.end());
  result.slots = std::move(recorder_).take_book().take();
  return result;
}

}  // namespace

Result<CampaignResult> run_campaign(policy::Policy& policy, const tokenizer::Tokenizer& tokenizer,
                                    Task& task, const CampaignOptions& options,
                                    CampaignObserver* observer) {
  CANDOR_CHECK(at_least_one(options.rounds, "rounds"));
  CANDOR_CHECK(at_least_one(options.slots_per_round, "slots_per_round"));
  CANDOR_CHECK(at_least_one(options.rounds_remembered, "rounds_remembered"));
  CANDOR_CHECK(check_training(policy, options));
  CampaignObserver nobody;
  CANDOR_TRY(const PromptEncoder encoder, encoder_for(policy, tokenizer, options));
  Run run(policy, tokenizer, encoder, task, options, observer != nullptr ? *observer : nobody);
  CANDOR_CHECK(run.begin());
  for (std::size_t round = 0; round < options.rounds; ++round) {
    CANDOR_TRY(const bool complete, run.play(round));
    if (!complete) break;
  }
  return std::move(run).result();
}

}  // namespace candor::campaign
