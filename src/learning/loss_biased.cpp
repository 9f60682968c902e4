#include "candor/learning/loss_biased.h"

#include <cassert>
#include <cmath>

#include "candor/base/math.h"

namespace candor::learning {

Result<std::unique_ptr<LossBiased>> LossBiased::create(const AskingOptions& options) {
  CANDOR_CHECK(check_asking_options(options, {1, 1, true}, "loss-biased"));
  return std::unique_ptr<LossBiased>(new LossBiased(options));
}

double LossBiased::gamma(std::size_t crowd) const {
  if (options_.exploration > 0.0) return options_.exploration;
  return std::min(0.5, 2.0 * options_.step_size * static_cast<double>(crowd));
}

Asks LossBiased::draw(RandomStream& random) const {
  return draw_one(gamma(present()), random);
}

double LossBiased::probability(WorkerId worker) const {
  return mixed_probability(worker, gamma(present()));
}

Stakes LossBiased::stake(std::span<const WorkerId> asked, double lottery) {
  Stakes stakes = open_stakes(asked, lottery);
  for (const WorkerId id : asked) {
    const double wish = options_.step_size * crowd_.weight(id) / probability(id);
    stakes.claim.push_back(crowd_.part(id));
    stakes.stake.push_back(put_at_stake(id, std::min(wish, 0.5 * crowd_.free(id))));
  }
  return stakes;
}

// Those present without a break since there were that many arrivals.
std::vector<WorkerId> LossBiased::here_since(std::uint64_t arrivals) const {
  std::vector<WorkerId> here;
  for (const WorkerId id : crowd_.present_workers())
    if (crowd_.is_here_since(id, arrivals)) here.push_back(id);
  return here;
}

// sum_j p_j b_j over those here since the ask; fills `claim` [here] with its terms.
double LossBiased::bias_terms(std::span<const WorkerId> here, std::span<double> claim) const {
  const double mix = gamma(here.size());
  const double equal = mix / static_cast<double>(here.size());
  double all = 0.0;
  for (const WorkerId id : here) all += crowd_.part(id);
  if (here.size() == present()) all = 1.0;
  double sum = 0.0;
  for (std::size_t k = 0; k < here.size(); ++k) {
    const double part = crowd_.part(here[k]) / all;
    sum += claim[k] = 4.0 * options_.step_size * part / ((1.0 - mix) * part + equal);
  }
  return sum;
}

// What the bonus adds to each of `here`, from the weights before this slot; sums to 0. The stake of
// the slot being settled pays its part too, as far as there is something beside it to pay with.
std::vector<double> LossBiased::bonus(std::span<const WorkerId> here, WorkerId asked,
                                      double stake) const {
  std::vector<double> change(here.size());
  const double sum = bias_terms(here, change);
  const double levy = std::min(0.5, options_.step_size * sum);
  std::vector<double> due(here.size());
  double paid = 0.0;
  for (std::size_t k = 0; k < here.size(); ++k) {
    const double free = crowd_.free(here[k]);
    due[k] = here[k] == asked ? std::min(free, levy * (free + stake)) : levy * free;
    paid += due[k];
  }
  for (std::size_t k = 0; k < here.size(); ++k) change[k] = paid * (change[k] / sum) - due[k];
  return change;
}

void LossBiased::settle(std::span<const WorkerId> asked, const Stakes& stakes,
                        std::span<const double> loss) {
  if (asked.empty()) return;
  assert(asked.size() == 1);
  const std::vector<WorkerId> here = here_since(stakes.arrivals);
  if (here.size() < 2) return crowd_.settle(asked, stakes, loss);
  const std::vector<double> change = bonus(here, asked[0], stakes.stake[0]);
  crowd_.settle(asked, stakes, loss);
  std::vector<double> weight;
  std::size_t next = 0;  // in `here`, which is in the order of those present
  for (const WorkerId id : crowd_.present_workers()) {
    const bool moves = next < here.size() && here[next] == id;
    weight.push_back(crowd_.weight(id) + (moves ? change[next++] : 0.0));
  }
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
