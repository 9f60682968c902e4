// candor/store/ledger_log.h
// A ledger that grows while its campaign runs, and survives being killed at any moment. The file is
// the one that ledger.h describes, without its last events.
//
//   CANDOR_TRY(LedgerLog log, LedgerLog::open("june/ledger.jsonl", [&](const Event& event) {
//     return fold.apply(event);                       // what happened before the kill
//   }));
//   CANDOR_CHECK(fold.apply(event));  CANDOR_CHECK(log.append(event));
//   CANDOR_CHECK(log.sync());                         // on disk from here on
//
// Events appended and not yet synced may be lost with the machine, the last ones first: what is
// found again is always a prefix of what was appended. A line that a kill cut off is dropped when
// the ledger is opened again; any other damage is an error, and nothing is changed.
// Thread safety: one thread at a time; a second process that opens the same ledger is refused.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "candor/event/chain.h"
#include "candor/event/event.h"

namespace candor::store {

class LedgerLog {
 public:
  /// Makes the file if there is none; else calls visit for every event in it, as read_ledger.
  /// Errors: those of read_ledger (an empty file is none here), io, conflict when another process
  /// has it open.
  static Result<LedgerLog> open(std::string path,
                                const std::function<Status(const event::Event&)>& visit);
  LedgerLog(LedgerLog&& other) noexcept;
  LedgerLog& operator=(LedgerLog&& other) noexcept;
  LedgerLog(const LedgerLog&) = delete;
  LedgerLog& operator=(const LedgerLog&) = delete;
  ~LedgerLog();

  /// Errors: io; then the event is not in the ledger, and the log must be opened again.
  Status append(const event::Event& event);
  /// Everything appended so far is on disk when it returns. Errors: io.
  Status sync();

  /// Events in the ledger, those not yet synced included.
  [[nodiscard]] std::uint64_t events() const { return events_; }

 private:
  LedgerLog(std::string path, int file) : path_(std::move(path)), file_(file) {}
  Status read(const std::function<Status(const event::Event&)>& visit);
  Status write_buffer();
  [[nodiscard]] Error system_error(const char* doing) const;

  std::string path_;
  int file_;
  event::HashChain chain_;
  std::uint64_t events_ = 0;
  std::string scratch_;
  std::string buffer_;
};

}  // namespace candor::store
