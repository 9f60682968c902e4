// The asking rules written straight from their formulas, over plain rows; for tests. One worker a
// column, everyone in `here` present. `loss` has everyone's, but only those of the asked count.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

namespace candor::learning::oracle {

using Row = std::vector<double>;
using Set = std::vector<std::size_t>;

inline double total(const Row& row) {
  return std::accumulate(row.begin(), row.end(), 0.0);
}

inline double square(double x) {
  return x * x;
}

inline bool holds(const Set& set, std::size_t i) {
  return std::find(set.begin(), set.end(), i) != set.end();
}

inline double weight_of(const Row& w, const Set& set) {
  double sum = 0.0;
  for (const std::size_t i : set) sum += w[i];
  return sum;
}

// P(i is asked), for everyone in `here`.
inline Row lf_probability(const Row& w, const Set& here, std::size_t m) {
  Row q(w.size());
  const double n = static_cast<double>(here.size());
  for (const std::size_t i : here) {
    const double p = w[i] / weight_of(w, here);
    q[i] = m >= here.size() ? 1.0 : p + (1 - p) * static_cast<double>(m - 1) / (n - 1);
  }
  return q;
}

inline Row mixed_probability(const Row& w, const Set& here, double gamma) {
  Row q(w.size());
  for (const std::size_t i : here)
    q[i] = (1 - gamma) * w[i] / weight_of(w, here) + gamma / static_cast<double>(here.size());
  return q;
}

// w_i (1 + eta (sum_j p_j lhat_j - lhat_i)) for all who are here; nobody else moves.
inline Row weighted_step(const Row& w, const Set& here, const Row& estimate, double eta) {
  Row next = w;
  double mean = 0.0;
  for (const std::size_t j : here) mean += w[j] / weight_of(w, here) * estimate[j];
  for (const std::size_t i : here) next[i] = w[i] * (1 + eta * (mean - estimate[i]));
  return next;
}

// "lf" and "wsu-ux", by their q.
inline Row importance_step(const Row& w, const Set& here, const Set& asked, const Row& q,
                           const Row& loss, double eta) {
  Row estimate(w.size());
  for (const std::size_t i : asked) estimate[i] = loss[i] / q[i];
  return weighted_step(w, here, estimate, eta);
}

inline Row loss_biased_step(const Row& w, const Set& here, std::size_t asked, const Row& q,
                            const Row& loss, double eta) {
  Row estimate(w.size());
  for (const std::size_t i : here) estimate[i] = -4 * eta / q[i];
  estimate[asked] += loss[asked] / q[asked];
  return weighted_step(w, here, estimate, eta);
}

inline Row log_barrier_step(const Row& w, const Set& here, std::size_t asked, const Row& loss,
                            double eta) {
  Row next = w;
  const double all = weight_of(w, here);
  double squares = 0.0;
  for (const std::size_t j : here) squares += square(w[j] / all);
  const double lambda = w[asked] / all * loss[asked] / squares;
  for (const std::size_t j : here) next[j] = w[j] + eta * w[j] * w[j] / all * lambda;
  next[asked] = w[asked] - eta * (w[asked] * loss[asked] - w[asked] * lambda * w[asked] / all);
  return next;
}

// Any of lf, wsu-ux (power 1) and log-barrier (power 2) with an outcome that comes late: what was
// frozen when `asked` were asked, settled among those who are here now and have not arrived since;
// if there is nobody, among all who were not asked.
struct Frozen {
  Set asked;
  Row stake;
  Row claim;
  Set arrived_since;
};
inline Row late_step(const Row& w, const Set& here, const Frozen& slot, const Row& loss,
                     int power) {
  double pot = 0.0;
  for (std::size_t k = 0; k < slot.asked.size(); ++k) pot += slot.stake[k] * loss[slot.asked[k]];
  Set others;
  for (std::size_t i = 0; i < w.size(); ++i)
    if (holds(here, i) && !holds(slot.asked, i) && !holds(slot.arrived_since, i))
      others.push_back(i);
  double measure = 0.0;
  const auto held = [&](std::size_t i) { return power == 2 ? square(w[i]) : w[i]; };
  if (others.empty()) {
    power = 1;
    for (std::size_t i = 0; i < w.size(); ++i)
      if (!holds(slot.asked, i)) others.push_back(i);
  }
  for (const std::size_t i : others) measure += held(i);
  Row next = w;
  for (const std::size_t i : others)
    if (measure > 0) next[i] += (1 - total(slot.claim)) * pot * held(i) / measure;
  for (std::size_t k = 0; k < slot.asked.size(); ++k)
    next[slot.asked[k]] += slot.claim[k] * pot - slot.stake[k] * loss[slot.asked[k]];
  return next;
}

// A cohort takes `mass` of everyone's weight that is not at stake, and shares it.
inline Row admit(Row w, const Row& staked, std::size_t newcomers, double mass) {
  double taken = w.empty() ? mass : 0.0;
  for (std::size_t i = 0; i < w.size(); ++i) {
    const double own = mass * (w[i] - staked[i]);
    w[i] -= own;
    taken += own;
  }
  w.resize(w.size() + newcomers, taken / static_cast<double>(newcomers));
  return w;
}

}  // namespace candor::learning::oracle
