#include "candor/evaluation/producer.h"

#include <utility>

namespace candor::evaluation {

Status Producer::record_to(std::string path) {
  CANDOR_TRY(ledger_, store::LedgerWriter::create(std::move(path)));
  return {};
}

Status Producer::emit(const event::Event& event) {
  CANDOR_CHECK(fold_.apply(event));
  if (!ledger_) return {};
  if (const auto* settled = std::get_if<event::SlotSettled>(&event))
    return ledger_->append(event::SlotSettled{settled->slot, fold_.check()});
  if (std::holds_alternative<event::CampaignClosed>(event))
    return ledger_->append(event::CampaignClosed{fold_.check()});
  return ledger_->append(event);
}

Status Producer::close() {
  CANDOR_CHECK(emit(event::CampaignClosed{}));
  return ledger_ ? ledger_->commit() : Status{};
}

}  // namespace candor::evaluation
