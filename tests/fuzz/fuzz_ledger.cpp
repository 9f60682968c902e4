// Any lines as events. Those that a fold accepts are recorded; the ledger must be read back and
// recomputed to the same checksum. The bytes as they are, taken for a ledger, must not crash either.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

#include "candor/event/codec.h"
#include "candor/event/fold.h"
#include "candor/store/ledger.h"

namespace {

using namespace candor;

Result<std::uint64_t> fold_bytes(const std::string& bytes, event::Fold& fold) {
  const int file = ::memfd_create("fuzz", 0);
  if (file < 0 || ::write(file, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
    std::abort();
  auto events = store::read_ledger("/proc/self/fd/" + std::to_string(file),
                                   [&](const event::Event& event) { return fold.apply(event); });
  ::close(file);
  return events;
}

// As a producer does: the checksum is that of the fold.
event::Event with_check(event::Event event, std::uint64_t check) {
  if (auto* settled = std::get_if<event::SlotSettled>(&event)) settled->check = check;
  if (auto* closed = std::get_if<event::CampaignClosed>(&event)) closed->check = check;
  return event;
}

void record(const std::string& lines) {
  event::Fold fold;
  event::HashChain chain;
  std::string ledger;
  std::istringstream stream(lines);
  for (std::string line; std::getline(stream, line);) {
    const auto event = event::decode(line);
    if (!event.ok()) continue;
    if (!fold.apply(with_check(*event, 0)).ok()) continue;
    std::string body;
    event::encode(with_check(*event, fold.check()), body);
    ledger += R"({"hash":")" + chain.extend(body) + R"(","event":)" + body + "}\n";
  }
  if (ledger.empty()) return;
  event::Fold again;
  if (!fold_bytes(ledger, again).ok() || again.check() != fold.check()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  record(bytes);
  event::Fold fold;
  (void)fold_bytes(bytes, fold);
  return 0;
}
