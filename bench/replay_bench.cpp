// How long the main job takes: a .csv.gz of labels, from the first byte to the finished report
// JSON, and how much memory. Beside it, the time to decompress the file alone (twice: a replay
// reads it twice), which no replay can beat on one core.
//
// usage: replay_bench [REPORTS [WORKERS]]     default 6,000,000 reports of 100,000 workers, 6 a
// slot
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "candor/base/random.h"
#include "candor/evaluation/replay.h"
#include "candor/evaluation/result_json.h"

namespace {

using candor::RandomStream;

constexpr std::uint64_t reports_per_slot = 6;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double peak_mebibytes() {
  rusage usage{};
  (void)getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

// Workers of accuracy 0.55 to 0.95, two answers; written through gzip as a user's file would be.
bool write_table(const std::string& path, std::uint64_t reports, std::uint64_t workers) {
  std::FILE* out = popen(("gzip -1 > " + path).c_str(), "w");
  if (out == nullptr) return false;
  RandomStream random(1);
  (void)std::fputs("task_id,worker_id,label,truth\n", out);
  for (std::uint64_t slot = 0; slot < reports / reports_per_slot; ++slot) {
    const std::uint64_t truth = random.below(2);
    const std::uint64_t first = random.below(workers);
    for (std::uint64_t j = 0; j < reports_per_slot; ++j) {
      const std::uint64_t worker = (first + j * 7919) % workers;
      const double accuracy =
          0.55 + 0.4 * static_cast<double>(worker * 2654435761U % 1000) / 1000.0;
      const std::uint64_t label = random.bernoulli(accuracy) ? truth : 1 - truth;
      (void)std::fprintf(out, "t%llu,w%llu,%llu,%llu\n", static_cast<unsigned long long>(slot),
                         static_cast<unsigned long long>(worker),
                         static_cast<unsigned long long>(label),
                         static_cast<unsigned long long>(truth));
    }
  }
  return pclose(out) == 0;
}

double time_gunzip(const std::string& path) {
  const auto start = std::chrono::steady_clock::now();
  if (std::system(("gzip -dc " + path + " > /dev/null").c_str()) != 0) return 0.0;
  return seconds_since(start);
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t reports = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 6'000'000;
  const std::uint64_t workers = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 100'000;
  const std::string path = "/tmp/candor_replay_bench_" + std::to_string(getpid()) + ".csv.gz";
  if (!write_table(path, reports, workers)) return 1;
  const double gunzip = time_gunzip(path);

  const auto start = std::chrono::steady_clock::now();
  candor::evaluation::ReplayOptions options;
  options.paths = {path};
  const auto result = candor::evaluation::replay(options);
  const std::string json =
      result.ok() ? candor::evaluation::report_json(*result, "bench", "bench").dump() : "";
  const double seconds = seconds_since(start);
  (void)unlink(path.c_str());
  if (!result.ok()) {
    std::printf("%s\n", result.error().message().c_str());
    return 1;
  }
  std::printf("replay of %llu reports, %llu slots, %llu workers, %zu methods\n",
              static_cast<unsigned long long>(result->reports),
              static_cast<unsigned long long>(result->slots),
              static_cast<unsigned long long>(result->workers), result->methods.size());
  std::printf("  file to report      %6.2f s   %.2f us a report   limit 10 s: %s\n", seconds,
              1e6 * seconds / static_cast<double>(result->reports),
              seconds < 10 ? "met" : "MISSED");
  std::printf("  gzip -dc, twice     %6.2f s   replay takes %.1f times as long\n", 2 * gunzip,
              seconds / (2 * gunzip));
  std::printf("  peak memory         %6.0f MiB limit 1024 MiB: %s\n", peak_mebibytes(),
              peak_mebibytes() < 1024 ? "met" : "MISSED");
  return 0;
}
