// candor/store/ledger.h
// A campaign's events as a file, one a line, each with its place in the hash chain:
//
//   {"hash":"9c56cc51...","event":{"v":1,"type":"campaign.opened",...}}
//
// The layout of a line is exact (no other spaces, this order), so that the bytes under the hash are
// the bytes between `"event":` and the last `}`. Any JSON tool can read the file;
// docs/ledger-format.md is its description.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "candor/base/file.h"
#include "candor/event/chain.h"
#include "candor/event/event.h"

namespace candor::store {

/// Writes a ledger that appears, whole, at its path when it is committed, or not at all.
/// Errors: io. Thread safety: one thread at a time. Cost: about 0.5 us an event.
class LedgerWriter {
 public:
  static Result<LedgerWriter> create(std::string path);

  Status append(const event::Event& event);
  Status commit();

 private:
  explicit LedgerWriter(OutputFile file) : file_(std::move(file)) {}
  Status flush();

  OutputFile file_;
  event::HashChain chain_;
  std::string body_;
  std::string buffer_;
};

/// Calls visit for every event of the file, in order, after its hash was checked. Stops at the
/// first problem. Errors, each with file and line: corrupt (the hash is not that of the event in
/// this place, a line cut off: how many events before it are good is said), malformed or
/// unsupported (the event does not parse), not_found (no such file), and whatever visit returns.
/// Returns the number of events.
Result<std::uint64_t> read_ledger(const std::string& path,
                                  const std::function<Status(const event::Event&)>& visit);

}  // namespace candor::store
