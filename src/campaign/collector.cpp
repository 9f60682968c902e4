#include "campaign/collector.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "candor/base/random.h"

namespace candor::campaign {
namespace {

// Streams of the campaign's seed: which prompt, whose report is drawn, whom to ask, what workers
// draw. One stream a slot, so that it does not matter in which run of the program a slot is reached.
enum class Draw : std::uint64_t { prompt = 1, label = 2, ask = 3, reports = 4, answers = 5 };

RandomStream stream_of(std::uint64_t seed, Draw what, std::size_t slot) {
  return RandomStream(seed, (static_cast<std::uint64_t>(what) << 40U) + slot);
}

SlotId id_of(std::size_t slot) {
  return SlotId{static_cast<std::uint32_t>(slot)};
}

bool has_reported(const SlotState& slot, WorkerId worker) {
  return std::any_of(slot.reports.begin(), slot.reports.end(),
                     [&](const WorkerReport& report) { return report.worker == worker; });
}

// Workers and the ledger see text; bytes of a token that is half a character become U+FFFD.
std::string valid_utf8(const std::string& bytes) {
  using Json = nlohmann::json;
  const std::string quoted = Json(bytes).dump(-1, ' ', false, Json::error_handler_t::replace);
  return Json::parse(quoted).get<std::string>();
}

std::vector<std::uint32_t> ledger_tokens(std::span<const policy::Token> tokens) {
  return {tokens.begin(), tokens.end()};
}

}  // namespace

std::size_t Collector::prompt_of(std::size_t slot) const {
  return stream_of(options_.seed, Draw::prompt, slot).below(task_.prompts());
}

Question Collector::question(std::size_t slot) const {
  Question question = recorder_.book().slot(slot).question;
  question.prompt_index = prompt_of(slot);
  return question;
}

std::vector<std::vector<policy::Token>> Collector::prompts_of_round(std::size_t round) const {
  std::vector<std::vector<policy::Token>> prompts;
  const std::size_t first = round * options_.slots_per_round;
  for (std::size_t i = 0; i < options_.slots_per_round; ++i)
    prompts.push_back(encoder_.tokens(valid_utf8(task_.prompt(prompt_of(first + i)))));
  return prompts;
}

// The whole round at once, also where the ledger has part of it: answer i depends on nothing else.
Result<Collector::Answers> Collector::write_answers(std::size_t round, const Writers& writers) {
  const auto prompts = prompts_of_round(round);
  Answers answers;
  for (std::size_t k = 0; k < answers.size(); ++k) {
    const std::uint64_t seed = stream_of(options_.seed, Draw::answers, 2 * round + k).next();
    CANDOR_TRY(answers[k], writers.policy[k]->generate(prompts, options_.generate, seed));
  }
  return answers;
}

Status Collector::collect(std::size_t round, const Writers& writers) {
  const std::size_t first = round * options_.slots_per_round;
  const std::size_t end = first + options_.slots_per_round;
  Answers answers;
  if (recorder_.book().slots().size() < end ||
      recorder_.book().slot(end - 1).sequence[0].tokens.empty()) {
    CANDOR_TRY(answers, write_answers(round, writers));
  }
  for (std::size_t slot = first; slot < end; ++slot) {
    CANDOR_CHECK(open_slot(slot, writers, answers));
    CANDOR_CHECK(advance(slot));
    if (options_.outcome_lag != after_round && slot >= options_.outcome_lag)
      CANDOR_CHECK(settle_before(slot + 1 - options_.outcome_lag));
  }
  return recorder_.sync();
}

Status Collector::open_slot(std::size_t slot, const Writers& writers, const Answers& answers) {
  if (slot == recorder_.book().slots().size())
    CANDOR_CHECK(recorder_.emit(event::SlotOpened{id_of(slot), "slot-" + std::to_string(slot)}));
  if (!recorder_.book().slot(slot).sequence[0].tokens.empty()) return {};
  return emit_answers(slot, writers, answers);
}

Status Collector::emit_answers(std::size_t slot, const Writers& writers, const Answers& answers) {
  const std::size_t i = slot % options_.slots_per_round;
  event::AnswersWritten written{id_of(slot), valid_utf8(task_.prompt(prompt_of(slot))), {}, {}, {}};
  for (std::size_t k = 0; k < answers.size(); ++k) {
    const std::span<const policy::Token> tokens = answers[k][i].answer();
    CANDOR_TRY(std::string text, tokenizer_.decode(tokens));
    written.text.push_back(valid_utf8(text));
    written.policy.push_back(writers.version[k]);
    written.token.push_back(ledger_tokens(tokens));
  }
  return recorder_.emit(written);
}

Status Collector::advance(std::size_t slot) {
  const SlotState& state = recorder_.book().slot(slot);
  if (!state.label.empty() || state.over) return {};
  CANDOR_TRY(const bool complete, obtain_reports(slot));
  if (!complete || recorder_.book().slot(slot).over) return {};
  const double draw = stream_of(options_.seed, Draw::label, slot).uniform();
  return recorder_.emit(event::SlotPooled{id_of(slot), draw});
}

Result<bool> Collector::obtain_reports(std::size_t slot) {
  return recorder_.fold().mechanism()->asking_rule() == nullptr ? take_open(slot)
                                                                : take_asked(slot);
}

Status Collector::submit(std::size_t slot, const WorkerReport& report) {
  if (has_reported(recorder_.book().slot(slot), report.worker)) return {};
  return recorder_.emit(event::ReportSubmitted{
      id_of(slot), report.worker, {report.a_preferred, 1.0 - report.a_preferred}});
}

// Whoever comes. Nobody: the slot is over.
Result<bool> Collector::take_open(std::size_t slot) {
  const std::uint64_t seed = stream_of(options_.seed, Draw::reports, slot).next();
  CANDOR_TRY(const auto reports, task_.reports(question(slot), {}, seed));
  if (!reports) return false;
  for (const WorkerReport& report : *reports) CANDOR_CHECK(submit(slot, report));
  if (reports->empty() && recorder_.book().slot(slot).reports.empty())
    CANDOR_CHECK(recorder_.emit(event::SlotExpired{id_of(slot)}));
  return true;
}

// Asks until everyone asked has answered; who does not is away from then on.
Result<bool> Collector::take_asked(std::size_t slot) {
  const std::uint64_t seed = stream_of(options_.seed, Draw::reports, slot).next();
  for (;;) {
    CANDOR_TRY(const bool somebody, ask(slot));
    if (!somebody) {
      if (task_.may_gain_workers()) return false;
      CANDOR_CHECK(recorder_.emit(event::SlotExpired{id_of(slot)}));
      return true;
    }
    const std::vector<WorkerId> asked = recorder_.book().asked(slot);
    CANDOR_TRY(const auto reports, task_.reports(question(slot), asked, seed));
    if (!reports) return false;
    for (const WorkerReport& report : *reports) CANDOR_CHECK(submit(slot, report));
    const auto missed = std::find_if(asked.begin(), asked.end(), [&](WorkerId worker) {
      return !has_reported(recorder_.book().slot(slot), worker);
    });
    if (missed == asked.end()) return true;
    CANDOR_CHECK(recorder_.emit(event::WorkerMissed{id_of(slot), *missed}));
  }
}

// Whether somebody is asked now. How many were asked before decides the draw.
Result<bool> Collector::ask(std::size_t slot) {
  if (!recorder_.book().asked(slot).empty()) return true;
  RandomStream random = stream_of(options_.seed, Draw::ask, slot);
  for (std::size_t i = 0; i < recorder_.book().times_asked(slot); ++i) (void)random.next();
  RandomStream draws(random.next());
  learning::Asks asks = recorder_.fold().mechanism()->asking_rule()->draw(draws);
  if (asks.worker.empty()) return false;
  CANDOR_CHECK(recorder_.emit(event::WorkersAsked{id_of(slot), std::move(asks.worker),
                                                  std::move(asks.probability), draws.uniform()}));
  return true;
}

Status Collector::settle_before(std::size_t end) {
  const std::size_t last = std::min(end, recorder_.book().slots().size());
  while (first_live_ < last && recorder_.book().slot(first_live_).over) ++first_live_;
  for (std::size_t slot = first_live_; slot < last; ++slot) {
    const SlotState& state = recorder_.book().slot(slot);
    if (!state.over && !state.label.empty()) CANDOR_CHECK(settle(slot));
  }
  return {};
}

Status Collector::settle(std::size_t slot) {
  if (recorder_.book().slot(slot).outcome.empty()) {
    CANDOR_TRY(const std::optional<double> a_better, task_.outcome(question(slot)));
    if (!a_better) return {};
    CANDOR_CHECK(recorder_.emit(event::OutcomeRevealed{id_of(slot), {*a_better, 1.0 - *a_better}}));
  }
  return recorder_.emit(event::SlotSettled{id_of(slot)});
}

std::size_t Collector::waiting() const {
  const auto& slots = recorder_.book().slots();
  return static_cast<std::size_t>(std::count_if(
      slots.begin(), slots.end(), [](const SlotState& s) { return s.label.empty() && !s.over; }));
}

}  // namespace candor::campaign
