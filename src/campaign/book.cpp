#include "campaign/book.h"

namespace candor::campaign {

void Book::note(const event::Event& event) {
  std::visit([this](const auto& e) { on(e); }, event);
}

void Book::label(SlotId slot, std::span<const double> label) {
  slots_[slot.index()].label.assign(label.begin(), label.end());
}

void Book::on(const event::SlotOpened& e) {
  SlotState& slot = slots_.emplace_back();
  times_asked_.push_back(0);
  slot.round = e.slot.index() / slots_per_round_;
  slot.question.slot = e.name;
}

void Book::on(const event::AnswersWritten& e) {
  SlotState& slot = slots_[e.slot.index()];
  slot.question.prompt = e.prompt;
  const std::vector<policy::Token> prompt = encoder_.tokens(e.prompt);
  for (std::size_t k = 0; k < 2; ++k) {
    slot.question.answer[k] = e.text[k];
    policy::Sequence& sequence = slot.sequence[k];
    sequence.tokens = prompt;
    sequence.prompt_length = prompt.size();
    for (const std::uint32_t token : e.token[k])
      sequence.tokens.push_back(static_cast<policy::Token>(token));
  }
}

void Book::on(const event::WorkersAsked& e) {
  slots_[e.slot.index()].asked = e.worker;
  ++times_asked_[e.slot.index()];
}

void Book::on(const event::WorkerMissed& e) {
  slots_[e.slot.index()].asked.clear();
}

void Book::on(const event::ReportSubmitted& e) {
  slots_[e.slot.index()].reports.push_back({e.worker, e.report[0]});
}

void Book::on(const event::OutcomeRevealed& e) {
  slots_[e.slot.index()].outcome = e.outcome;
}

}  // namespace candor::campaign
