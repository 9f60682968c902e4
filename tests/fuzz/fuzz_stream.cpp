// Any bytes as a table of reports through both passes: reports sum to 1, slots come once each, and
// all three orders keep the same number of reports. The first byte picks kind and ties.
#include <sys/mman.h>
#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "candor/dataset/slot_stream.h"

namespace {

using namespace candor;
using namespace candor::dataset;

void check(const SlotRecord& slot, std::size_t answers) {
  if (slot.workers.empty() || slot.reports.size() != slot.workers.size() * answers) std::abort();
  for (std::size_t i = 0; i < slot.workers.size(); ++i) {
    double total = 0.0;
    for (std::size_t k = 0; k < answers; ++k) total += slot.reports[i * answers + k];
    if (!(std::abs(total - 1.0) < 1e-12)) std::abort();
  }
}

// Reports kept, after at most one replanning.
Result<std::uint64_t> kept_reports(const std::vector<std::string>& paths,
                                   const ReadOptions& options) {
  CANDOR_TRY(Survey seen, survey(paths, options));
  for (int pass = 0; pass < 2; ++pass) {
    std::vector<char> visited(seen.slots.size(), 0);
    CANDOR_TRY(const StreamSummary summary,
               stream_slots(paths, options, seen, [&](const SlotRecord& slot) -> Status {
                 check(slot, seen.answers.size());
                 if (visited[slot.slot.index()]++ != 0) std::abort();
                 return {};
               }));
    if (summary.replanned) continue;
    if (summary.slots != seen.slots.size()) std::abort();
    if (summary.kept + summary.duplicates != seen.rows) std::abort();
    return summary.kept;
  }
  std::abort();
}

ReadOptions options_from(std::uint8_t byte) {
  ReadOptions options;
  if (byte % 4 != 3) options.kind = static_cast<Kind>(byte % 4);
  if ((byte & 4U) != 0) options.ties = Ties::answer;
  return options;
}

void read(const std::string& path, ReadOptions options) {
  const auto file = kept_reports({path}, options);
  options.order = {Order::Mode::shuffle, 1};
  const auto shuffled = kept_reports({path}, options);
  if (file.ok() != shuffled.ok() || (file.ok() && *file != *shuffled)) std::abort();
  options.order = {Order::Mode::time, 0};
  const auto timed = kept_reports({path}, options);
  if (timed.ok() && (!file.ok() || *file != *timed)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const int file = ::memfd_create("fuzz", 0);
  if (file < 0 || ::write(file, data + 1, size - 1) != static_cast<ssize_t>(size - 1)) std::abort();
  read("/proc/self/fd/" + std::to_string(file), options_from(data[0]));
  ::close(file);
  return 0;
}
