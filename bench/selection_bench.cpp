// What it costs to choose m of N workers by weight, freeze their stakes and settle them, beside
// what the machine needs for m log2(N) reads that wait for one another.
//
//   draw + stake + settle of the rule lf, outcome at once, m = 2 and 5, N = 10^3, 10^5, 10^7. The
//   rule does O(m log N) work; at N = 10^7 its arrays (450 MB) lie far outside the cache, at N =
//   10^3 inside. memory: m log2(N) reads, each at a place that depends on the one before, in as
//   much memory as the rule has (45 bytes a worker). It is what a binary search for m workers would
//   wait for at least.
//
// Repetitions alternate between the things compared, and medians are printed.
// Usage: selection_bench [workers ...]   (default: 1000 100000 10000000)
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <vector>

#include "candor/base/random.h"
#include "candor/learning/asking_rules.h"

namespace {

using candor::RandomStream;
using candor::WorkerId;
using candor::learning::AskingRule;
using candor::learning::Asks;
using candor::learning::Stakes;
using Row = std::vector<double>;

constexpr std::size_t slots_a_run = 10'000;

volatile std::uint64_t keep = 0;  // what is read here must have been computed

double nanoseconds_per_slot(const std::function<void()>& slots) {
  const auto start = std::chrono::steady_clock::now();
  slots();
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  return taken.count() * 1e9 / static_cast<double>(slots_a_run);
}

double median(Row values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::unique_ptr<AskingRule> crowd_of(std::size_t workers, std::size_t asks) {
  const double step = candor::learning::asking_step_size("lf", workers, asks, 1e6).value();
  auto rule = candor::learning::make_asking_rule("lf", {.asks = asks, .step_size = step});
  if (!rule.ok()) std::abort();
  std::vector<WorkerId> everyone(workers);
  for (std::size_t i = 0; i < workers; ++i) everyone[i].value = static_cast<std::uint32_t>(i);
  rule.value()->admit(everyone, 1.0);
  return std::move(rule).value();
}

// One crowd, and as much memory again to read in at random.
struct Crowd {
  std::unique_ptr<AskingRule> rule;
  std::vector<std::uint64_t> memory;
  RandomStream random{1};
  Row selection;
  Row reads;

  Crowd(std::size_t workers, std::size_t asks)
      : rule(crowd_of(workers, asks)), memory(workers * 45 / 8 + 1) {}

  void select() {
    Row loss(rule->asks());
    for (std::size_t slot = 0; slot < slots_a_run; ++slot) {
      const Asks asks = rule->draw(random);
      const Stakes stakes = rule->stake(asks.worker, 0.0);
      for (double& value : loss) value = random.uniform();
      rule->settle(asks.worker, stakes, loss);
    }
  }

  void read() {
    const double levels = std::ceil(std::log2(static_cast<double>(rule->workers())));
    const std::size_t count = slots_a_run * rule->asks() * static_cast<std::size_t>(levels);
    std::uint64_t at = random.next();
    for (std::size_t n = 0; n < count; ++n) {
      at = at * 6364136223846793005ULL + 1442695040888963407ULL;
      const std::uint64_t place = ((at >> 32) * memory.size()) >> 32;
      at += memory[place];
    }
    keep = at;
  }
};

void print_rule(std::size_t asks, const std::vector<std::size_t>& sizes) {
  std::vector<Crowd> crowds;
  crowds.reserve(sizes.size());
  for (const std::size_t workers : sizes) crowds.emplace_back(workers, asks);
  for (int repetition = 0; repetition < 7; ++repetition) {
    for (Crowd& crowd : crowds) {
      crowd.selection.push_back(nanoseconds_per_slot([&] { crowd.select(); }));
      crowd.reads.push_back(nanoseconds_per_slot([&] { crowd.read(); }));
    }
  }
  for (const Crowd& crowd : crowds) {
    const double time = median(crowd.selection);
    std::printf("%4zu %12zu %12.0f %10.2f %18.0f %8.2f\n", asks, crowd.rule->workers(), time,
                time / median(crowds.front().selection), median(crowd.reads),
                time / median(crowd.reads));
  }
}

}  // namespace

int main(int count, char** arguments) {
  std::vector<std::size_t> sizes;
  for (int n = 1; n < count; ++n) sizes.push_back(std::strtoull(arguments[n], nullptr, 10));
  if (sizes.empty()) sizes = {1'000, 100'000, 10'000'000};
  std::printf("Choosing m of N by weight (lf): draw + stake + settle, nanoseconds a slot\n");
  std::printf("%4s %12s %12s %10s %18s %8s\n", "m", "workers", "selection", "to first",
              "m log2(N) reads", "ratio");
  print_rule(2, sizes);
  print_rule(5, sizes);
  return 0;
}
