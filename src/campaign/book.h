// What has happened in a campaign so far, slot by slot: the events' other fold, beside the one that
// moves weights. It holds nothing that the events do not say.
#pragma once

#include <vector>

#include "campaign/prompt_encoder.h"
#include "candor/campaign/campaign.h"
#include "candor/event/fold.h"

namespace candor::campaign {

class Book {
 public:
  Book(std::size_t slots_per_round, PromptEncoder encoder)
      : slots_per_round_(slots_per_round), encoder_(std::move(encoder)) {}

  /// To be told each event that the fold has taken, in order.
  void note(const event::Event& event);
  /// The slot's label was formed, [2].
  void label(SlotId slot, std::span<const double> label);

  [[nodiscard]] const std::vector<SlotState>& slots() const { return slots_; }
  [[nodiscard]] const SlotState& slot(std::size_t index) const { return slots_[index]; }
  /// Whom the standing ask of the slot asked; empty where nobody was.
  [[nodiscard]] const std::vector<WorkerId>& asked(std::size_t index) const {
    return slots_[index].asked;
  }
  /// How often the slot has asked.
  [[nodiscard]] std::size_t times_asked(std::size_t index) const { return times_asked_[index]; }
  [[nodiscard]] std::vector<SlotState> take() && { return std::move(slots_); }

 private:
  void on(const event::SlotOpened& e);
  void on(const event::AnswersWritten& e);
  void on(const event::WorkersAsked& e);
  void on(const event::WorkerMissed& e);
  void on(const event::ReportSubmitted& e);
  void on(const event::OutcomeRevealed& e);
  void on(const event::SlotSettled& e) { slots_[e.slot.index()].over = true; }
  void on(const event::SlotExpired& e) { slots_[e.slot.index()].over = true; }
  template <class Other>
  void on(const Other&) {}

  std::size_t slots_per_round_;
  PromptEncoder encoder_;
  std::vector<SlotState> slots_;
  std::vector<std::size_t> times_asked_;
};

}  // namespace candor::campaign
