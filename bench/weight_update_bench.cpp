// How fast weights move, beside what the machine can do.
//
//   1. Everyone reports: GB/s of weighted_score_update beside a triad a[i] = b[i] + s c[i] over
//   arrays
//      of the same length. Counted per worker: weight and loss read twice, weight written once (40
//      bytes); the triad reads two doubles and writes one (24 bytes). Both on one thread.
//   2. Ten of N workers report: time of share + wager + settle for a slot, beside the same at N =
//   1000.
//      The arithmetic does not depend on N; ten workers drawn at random from a large crowd are not
//      in the cache, so the cost of fetching ten cold lines from arrays of this size is shown alone
//      too.
//
// Repetitions alternate between the things compared, and medians are printed, so that a noisy
// neighbour slows both. Usage: weight_update_bench
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "candor/base/random.h"
#include "candor/learning/weighted_score.h"
#include "candor/learning/weighted_score_update.h"

namespace {

using candor::RandomStream;
using candor::WorkerId;
using candor::learning::WeightedScore;
using Row = std::vector<double>;

double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(Row values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

void triad(Row& a, const Row& b, const Row& c, double s) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = b[i] + s * c[i];
}

volatile double keep = 0.0;  // what is read here must have been computed

struct Rates {
  double update = 0.0;  // GB/s
  double triad = 0.0;
};

Rates dense_rates(std::size_t workers) {
  RandomStream random(1);
  Row weight(workers, 1.0 / static_cast<double>(workers));
  Row loss(workers);
  for (double& value : loss) value = random.uniform();
  Row a(workers);
  const Row b(workers, 1.0);
  const Row c(workers, 2.0);
  Row update_seconds;
  Row triad_seconds;
  const std::size_t inner = std::max<std::size_t>(1, 10'000'000 / workers);
  for (int repetition = 0; repetition < 21; ++repetition) {
    update_seconds.push_back(seconds_of([&] {
      for (std::size_t n = 0; n < inner; ++n)
        if (!candor::learning::weighted_score_update(weight, loss, 1e-3).ok()) std::abort();
    }));
    triad_seconds.push_back(seconds_of([&] {
      for (std::size_t n = 0; n < inner; ++n) triad(a, b, c, 1e-3 * static_cast<double>(n));
    }));
    keep = a[random.below(workers)];
  }
  const double doubles = static_cast<double>(workers * inner) * sizeof(double) * 1e-9;
  return {5.0 * doubles / median(update_seconds), 3.0 * doubles / median(triad_seconds)};
}

void print_dense() {
  std::printf("Everyone reports: dense weighted-score update, one thread\n");
  std::printf("%12s %14s %14s %10s   %s\n", "workers", "update GB/s", "triad GB/s", "ratio", "aim");
  for (const std::size_t workers : {1'000'000UL, 10'000'000UL}) {
    const Rates rates = dense_rates(workers);
    std::printf("%12zu %14.2f %14.2f %10.2f   >= 0.60\n", workers, rates.update, rates.triad,
                rates.update / rates.triad);
  }
}

constexpr std::size_t answering = 10;
constexpr std::size_t slots_a_run = 20'000;

// The crowd under test and the workers who answer each slot of a run.
struct Sleeping {
  std::unique_ptr<WeightedScore> rule;
  std::vector<WorkerId> asked;  // [slots_a_run, answering]
  Row loss;                     // [answering]
  Row lines;                    // [workers * 4]: as much memory as the rule touches for a worker
  RandomStream random{2};

  explicit Sleeping(std::size_t workers)
      : rule(std::move(WeightedScore::create({.step_size = 0.01})).value()),
        asked(slots_a_run * answering),
        loss(answering),
        lines(workers * 4, 1.0) {
    std::vector<WorkerId> everyone(workers);
    for (std::size_t i = 0; i < workers; ++i) everyone[i].value = static_cast<std::uint32_t>(i);
    rule->admit(everyone, 1.0);
    for (double& value : loss) value = random.uniform();
  }

  // Ten different workers for each slot: new ones each time, or the same all the time.
  void ask(bool new_each_time) {
    const std::size_t stretch = rule->workers() / answering;
    for (std::size_t at = 0; at < asked.size(); ++at) {
      const std::size_t j = at % answering;
      const bool draw = new_each_time || at < answering;
      asked[at] = draw ? WorkerId{static_cast<std::uint32_t>(j * stretch + random.below(stretch))}
                       : asked[j];
    }
  }

  double nanoseconds_per_slot() {
    Row share(answering);
    Row wager(answering);
    const double seconds = seconds_of([&] {
      for (std::size_t slot = 0; slot < slots_a_run; ++slot) {
        const std::span<const WorkerId> now(&asked[slot * answering], answering);
        rule->share(now, share);
        rule->wager(now, wager);
        rule->settle(now, wager, loss);
      }
    });
    return seconds * 1e9 / static_cast<double>(slots_a_run);
  }

  // Only the memory: reads and writes two cache lines for each worker that is asked, where one slot
  // waits for the one before, as it does when a weight was moved by it.
  double nanoseconds_of_memory() {
    const std::size_t half = lines.size() / 2;
    const double seconds = seconds_of([&] {
      std::size_t nothing = 0;
      for (std::size_t slot = 0; slot < slots_a_run; ++slot) {
        double total = 0.0;
        for (std::size_t j = 0; j < answering; ++j) {
          const std::size_t worker = asked[slot * answering + j].index() + nothing;
          total += lines[worker] += 1.0;
          total += lines[half + 2 * worker] += 1.0;
        }
        nothing = static_cast<std::size_t>(total * 0.0);
      }
    });
    return seconds * 1e9 / static_cast<double>(slots_a_run);
  }
};

void print_sleeping() {
  std::printf("\nTen workers report: share + wager + settle, nanoseconds a slot\n");
  std::printf("%12s %12s %8s %14s %8s %14s\n", "workers", "same ten", "ratio", "random ten",
              "ratio", "memory alone");
  constexpr std::size_t sizes[] = {1'000, 100'000, 10'000'000};
  std::vector<std::unique_ptr<Sleeping>> crowds;
  for (const std::size_t workers : sizes) crowds.push_back(std::make_unique<Sleeping>(workers));
  std::vector<Row> same(3);
  std::vector<Row> fresh(3);
  std::vector<Row> memory(3);
  for (int repetition = 0; repetition < 15; ++repetition) {
    for (std::size_t n = 0; n < 3; ++n) {
      crowds[n]->ask(false);
      same[n].push_back(crowds[n]->nanoseconds_per_slot());
      crowds[n]->ask(true);
      fresh[n].push_back(crowds[n]->nanoseconds_per_slot());
      crowds[n]->ask(true);
      memory[n].push_back(crowds[n]->nanoseconds_of_memory());
    }
  }
  for (std::size_t n = 0; n < 3; ++n)
    std::printf("%12zu %12.1f %8.2f %14.1f %8.2f %14.1f\n", sizes[n], median(same[n]),
                median(same[n]) / median(same[0]), median(fresh[n]),
                median(fresh[n]) / median(fresh[0]), median(memory[n]));
}

}  // namespace

int main() {
  print_dense();
  print_sleeping();
  return 0;
}
