// Where a campaign's events are made, and where they are found again: each is applied to the fold,
// then noted in the book, then appended to the ledger, if there is one.
#pragma once

#include <optional>

#include "campaign/book.h"
#include "candor/store/ledger_log.h"

namespace candor::campaign {

class Recorder final : public event::FoldObserver {
 public:
  explicit Recorder(Book book) : book_(std::move(book)), fold_(this) {}

  /// From now on events go to this ledger; those that are in it already are applied. Before the
  /// first event. Errors: those of LedgerLog::open and Fold::apply.
  Status open(std::string path);

  Status emit(const event::Event& event);
  /// Everything emitted so far is on disk.
  Status sync() { return ledger_ ? ledger_->sync() : Status{}; }

  [[nodiscard]] const event::Fold& fold() const { return fold_; }
  [[nodiscard]] const Book& book() const { return book_; }
  [[nodiscard]] Book take_book() && { return std::move(book_); }
  /// Of every published version, in order.
  [[nodiscard]] const std::vector<std::string>& digests() const { return digests_; }
  /// The campaign.opened of the ledger; null before it.
  [[nodiscard]] const event::CampaignOpened* opening() const {
    return opening_ ? &*opening_ : nullptr;
  }

  void on_pooled(SlotId slot, const mechanism::PooledSlot& pooled) override {
    book_.label(slot, pooled.label);
  }

 private:
  Status apply(const event::Event& event);

  Book book_;
  event::Fold fold_;
  std::optional<event::CampaignOpened> opening_;
  std::vector<std::string> digests_;
  std::optional<store::LedgerLog> ledger_;
};

}  // namespace candor::campaign
