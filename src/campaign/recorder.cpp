#include "campaign/recorder.h"

#include <utility>

namespace candor::campaign {

Status Recorder::apply(const event::Event& event) {
  CANDOR_CHECK(fold_.apply(event));
  if (const auto* opened = std::get_if<event::CampaignOpened>(&event)) opening_ = *opened;
  if (const auto* policy = std::get_if<event::PolicyPublished>(&event))
    digests_.push_back(policy->digest);
  book_.note(event);
  return {};
}

Status Recorder::open(std::string path) {
  CANDOR_TRY(ledger_, store::LedgerLog::open(std::move(path), [this](const event::Event& event) {
               return apply(event);
             }));
  return {};
}

Status Recorder::emit(const event::Event& event) {
  CANDOR_CHECK(apply(event));
  if (!ledger_) return {};
  if (const auto* settled = std::get_if<event::SlotSettled>(&event))
    return ledger_->append(event::SlotSettled{settled->slot, fold_.check()});
  return ledger_->append(event);
}

}  // namespace candor::campaign
