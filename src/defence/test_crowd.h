// A crowd with easy and hard slots, for the tests: worker i is right in slot t with probability
// 1 / (1 + exp(-a_i b_t)), log a and log b normal. The first `ring` workers give their leader's
// answer with probability `copies`, their own otherwise.
#pragma once

#include "candor/base/math.h"
#include "candor/base/random.h"
#include "candor/defence/answer_sheet.h"

namespace candor::defence {

struct TestCrowd {
  std::uint32_t workers = 40;
  int slots = 600;
  std::uint32_t a_slot = 10;  // reports
  double settled = 1.0;       // part of the slots
  std::uint32_t ring = 0;
  double copies = 1.0;
  bool varied = true;  // otherwise all workers and slots are alike: right in 73 of 100 cases

  [[nodiscard]] AnswerSheet answer(std::uint64_t seed) const {
    RandomStream random(seed, 7);
    std::vector<double> ability(workers, 1.0);
    for (double& a : ability)
      if (varied) a = portable_exp(.5 * random.normal());
    AnswerSheet sheet(2);
    for (int t = 0; t < slots; ++t) answer_slot(random, ability, sheet);
    return sheet;
  }

 private:
  void answer_slot(RandomStream& random, const std::vector<double>& ability,
                   AnswerSheet& sheet) const {
    const double ease = varied ? portable_exp(random.normal()) : 1.0;
    const auto is_right = [&](std::size_t i) {
      return random.bernoulli(1.0 / (1.0 + portable_exp(-ability[i] * ease)));
    };
    const bool a_is_right = random.bernoulli(.5);
    const bool leader = is_right(0);
    const auto order = shuffled_order(workers, random);
    std::vector<WorkerId> worker;
    std::vector<double> report;
    for (std::uint32_t k = 0; k < a_slot; ++k) {
      bool right = is_right(order[k]);
      if (order[k] < ring && random.bernoulli(copies)) right = leader;
      worker.push_back({order[k]});
      report.push_back(right == a_is_right ? .8 : .2);
      report.push_back(1.0 - report.back());
    }
    const SlotId slot = sheet.add_slot(worker, report);
    const double outcome = a_is_right ? 1.0 : 0.0;
    if (random.uniform() < settled)
      sheet.set_outcome(slot, std::vector<double>{outcome, 1 - outcome});
  }
};

}  // namespace candor::defence
