#include "candor/learning/loss_biased.h"

#include <cassert>
#include <cmath>

#include "candor/base/math.h"

namespace candor::learning {

Result<std::unique_ptr<LossBiased>> LossBiased::create(const AskingOptions& options) {
  CANDOR_CHECK(check_asking_options(options, {1, 1, true}, "loss-biased"));
  return std::unique_ptr<LossBiased>(new LossBiased(options));
}

double LossBiased::gamma() const {
  if (options_.exploration > 0.0) return options_.exploration;
  return std::min(0.5, 2.0 * options_.step_size * static_cast<double>(present()));
}

Asks LossBiased::draw(RandomStream& random) const {
  return draw_one(gamma(), random);
}

double LossBiased::probability(WorkerId worker) const {
  return mixed_probability(worker, gamma());
}

Stakes LossBiased::stake(std::span<const WorkerId> asked, double lottery) {
  Stakes stakes;
  stakes.lottery = lottery;
  for (const WorkerId id : asked) {
    const double wish = options_.step_size * crowd_.weight(id) / probability(id);
    stakes.claim.push_back(crowd_.part(id));
    stakes.stake.push_back(put_at_stake(id, std::min(wish, 0.5 * crowd_.free(id))));
  }
  return stakes;
}

// sum_j p_j b_j; fills `claim` [present] with its terms.
double LossBiased::bias_terms(std::span<double> claim) const {
  const std::span<const WorkerId> present = crowd_.present_workers();
  const double mix = gamma();
  const double equal = mix / static_cast<double>(present.size());
  double sum = 0.0;
  for (std::size_t k = 0; k < present.size(); ++k) {
    const double part = crowd_.part(present[k]);
    sum += claim[k] = 4.0 * options_.step_size * part / ((1.0 - mix) * part + equal);
  }
  return sum;
}

// What the bonus adds to each present worker, from the weights before this slot; sums to 0. The
// stake of the slot being settled pays its part too, as far as there is something beside it to pay
// with.
std::vector<double> LossBiased::bonus(WorkerId asked, double stake) const {
  const std::span<const WorkerId> present = crowd_.present_workers();
  std::vector<double> change(present.size());
  const double sum = bias_terms(change);
  const double levy = std::min(0.5, options_.step_size * sum);
  std::vector<double> due(present.size());
  double paid = 0.0;
  for (std::size_t k = 0; k < present.size(); ++k) {
    const double free = crowd_.free(present[k]);
    due[k] = present[k] == asked ? std::min(free, levy * (free + stake)) : levy * free;
    paid += due[k];
  }
  for (std::size_t k = 0; k < present.size(); ++k) change[k] = paid * (change[k] / sum) - due[k];
  return change;
}

void LossBiased::settle(std::span<const WorkerId> asked, const Stakes& stakes,
                        std::span<const double> loss) {
  assert(asked.size() == 1);
  if (present() < 2) return crowd_.settle(asked, stakes, loss);
  std::vector<double> weight = bonus(asked[0], stakes.stake[0]);
  crowd_.settle(asked, stakes, loss);
  for (std::size_t k = 0; k < weight.size(); ++k)
    weight[k] += crowd_.weight(crowd_.present_workers()[k]);
  crowd_.assign_present(weight, crowd_.present_weight());
}

// See the header; the sum over slots of E x_i^2 is paid for by the bonus.
std::optional<double> LossBiased::regret_bound(WorkerId worker, double slots) const {
  const double crowd = static_cast<double>(crowd_.admitted());
  const double eta = options_.step_size;
  if (!crowd_.is_admitted(worker) || eta > 1.0 / (8.0 * crowd) || options_.exploration > 0.0)
    return std::nullopt;
  return portable_log(1.0 / crowd_.first_weight(worker)) / eta + (14.0 * crowd + 2.0) * eta * slots;
}

}  // namespace candor::learning
