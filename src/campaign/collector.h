// The slots of one round: answers written, reports obtained, labels pooled, outcomes settled. Each
// step looks first whether the ledger already has it, so that a campaign goes on from anywhere.
#pragma once

#include <span>

#include "campaign/recorder.h"

namespace candor::campaign {

/// Who writes answer A and answer B of this round's slots.
struct Writers {
  std::array<policy::Policy*, 2> policy{};
  std::array<std::uint32_t, 2> version{};
};

class Collector {
 public:
  /// All must outlive the collector.
  Collector(Recorder& recorder, Task& task, const tokenizer::Tokenizer& tokenizer,
            PromptEncoder encoder, const CampaignOptions& options)
      : recorder_(recorder),
        task_(task),
        tokenizer_(tokenizer),
        encoder_(std::move(encoder)),
        options_(options) {}

  /// Opens the round's slots and takes each as far as its reports allow.
  Status collect(std::size_t round, const Writers& writers);

  /// Reveals and settles the outcomes of the slots before `end` that are pooled and known.
  Status settle_before(std::size_t end);

  /// Slots that were opened and wait for reports.
  [[nodiscard]] std::size_t waiting() const;

  /// The slot's question, its prompt's place included.
  [[nodiscard]] Question question(std::size_t slot) const;

 private:
  using Answers = std::array<std::vector<policy::Sequence>, 2>;

  [[nodiscard]] std::size_t prompt_of(std::size_t slot) const;
  [[nodiscard]] std::vector<std::vector<policy::Token>> prompts_of_round(std::size_t round) const;
  Result<Answers> write_answers(std::size_t round, const Writers& writers);
  Status open_slot(std::size_t slot, const Writers& writers, const Answers& answers);
  Status emit_answers(std::size_t slot, const Writers& writers, const Answers& answers);
  Status advance(std::size_t slot);
  Result<bool> obtain_reports(std::size_t slot);
  Result<bool> ask(std::size_t slot);
  Result<bool> take_asked(std::size_t slot);
  Result<bool> take_open(std::size_t slot);
  Status submit(std::size_t slot, const WorkerReport& report);
  Status settle(std::size_t slot);

  Recorder& recorder_;
  Task& task_;
  const tokenizer::Tokenizer& tokenizer_;
  PromptEncoder encoder_;
  std::size_t first_live_ = 0;  // slots before it are over
  const CampaignOptions& options_;
};

}  // namespace candor::campaign
