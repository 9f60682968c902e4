#include "candor/scoring/correlated_agreement.h"

#include <string>
#include <utility>

#include "candor/scoring/probability.h"
#include "scoring/answer_pairs.h"

namespace candor::scoring {
namespace {

// How far a pair must be above chance to count as agreement: above what rounding could make of 0.
constexpr double above_chance = 1e-12;

struct Margins {
  std::vector<double> worker;  // [K]
  std::vector<double> peer;    // [K]
};

Margins margins_of(std::span<const double> joint, std::size_t answers) {
  Margins margins{std::vector<double>(answers, 0.0), std::vector<double>(answers, 0.0)};
  for (std::size_t x = 0; x < answers; ++x) {
    for (std::size_t y = 0; y < answers; ++y) {
      margins.worker[x] += joint[x * answers + y];
      margins.peer[y] += joint[x * answers + y];
    }
  }
  return margins;
}

}  // namespace

Result<std::vector<double>> joint_shares(std::span<const std::uint32_t> worker,
                                         std::span<const std::uint32_t> peer, std::size_t answers) {
  CANDOR_CHECK(check_slots(worker.size(), 1));
  CANDOR_TRY(std::vector<double> joint, count_pairs(worker, peer, answers, "worker", "peer"));
  for (double& value : joint) value /= static_cast<double>(worker.size());
  return joint;
}

Result<CorrelatedAgreement> CorrelatedAgreement::from_joint(std::span<const double> joint,
                                                            std::size_t answers) {
  if (answers < 2 || joint.size() != answers * answers) {
    return Error{ErrorCode::invalid_argument, std::to_string(joint.size()) + " numbers"}
        .in_field("joint")
        .expecting("one for each pair of answers, of which there are at least 2")
        .way("give K rows of K numbers");
  }
  CANDOR_CHECK(check_probabilities(joint, "joint"));
  const Margins margins = margins_of(joint, answers);
  std::vector<bool> agrees(answers * answers);
  for (std::size_t x = 0; x < answers; ++x)
    for (std::size_t y = 0; y < answers; ++y)
      agrees[x * answers + y] =
          joint[x * answers + y] - margins.worker[x] * margins.peer[y] > above_chance;
  return CorrelatedAgreement(std::move(agrees), answers);
}

double CorrelatedAgreement::pay(std::uint32_t worker_b, std::uint32_t peer_b,
                                std::uint32_t worker_p, std::uint32_t peer_q) const {
  return static_cast<double>(agrees(worker_b, peer_b)) -
         static_cast<double>(agrees(worker_p, peer_q));
}

// Agreement on pairs p != q: that of all pairs of answers, less that on the n same slots.
Result<double> CorrelatedAgreement::pay_pair(std::span<const std::uint32_t> worker,
                                             std::span<const std::uint32_t> peer) const {
  CANDOR_CHECK(check_slots(worker.size(), 2));
  CANDOR_TRY(const std::vector<double> count,
             count_pairs(worker, peer, answers_, "worker", "peer"));
  const Margins margins = margins_of(count, answers_);
  double same = 0.0;
  double all = 0.0;
  for (std::size_t x = 0; x < answers_; ++x) {
    for (std::size_t y = 0; y < answers_; ++y) {
      if (!agrees_[x * answers_ + y]) continue;
      same += count[x * answers_ + y];
      all += margins.worker[x] * margins.peer[y];
    }
  }
  const double n = static_cast<double>(worker.size());
  return same / n - (all - same) / (n * (n - 1.0));
}

double CorrelatedAgreement::expected_pay(std::span<const double> joint) const {
  const Margins margins = margins_of(joint, answers_);
  double expected = 0.0;
  for (std::size_t x = 0; x < answers_; ++x)
    for (std::size_t y = 0; y < answers_; ++y)
      if (agrees_[x * answers_ + y])
        expected += joint[x * answers_ + y] - margins.worker[x] * margins.peer[y];
  return expected;
}

}  // namespace candor::scoring
