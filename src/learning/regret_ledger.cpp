#include "candor/learning/regret_ledger.h"

#include <algorithm>

namespace candor::learning {

void RegretLedger::record(std::span<const WorkerId> worker, std::span<const double> worker_loss,
                          std::span<const double> method_loss) {
  for (std::size_t j = 0; j < worker.size(); ++j) {
    const std::size_t i = worker[j].index();
    if (i >= slots_.size()) {
      slots_.resize(i + 1, 0);
      loss_.resize(i + 1, 0.0);
      method_loss_.resize((i + 1) * methods_, 0.0);
    }
    ++slots_[i];
    loss_[i] += worker_loss[j];
    double* row = &method_loss_[i * methods_];
    for (std::size_t m = 0; m < methods_; ++m) row[m] += method_loss[m];
  }
}

double RegretLedger::regret_to(std::size_t method, WorkerId worker) const {
  return method_loss_[worker.index() * methods_ + method] - loss_[worker.index()];
}

std::optional<RegretLedger::Worst> RegretLedger::regret(std::size_t method,
                                                        std::size_t at_least) const {
  std::optional<Worst> worst;
  for (std::uint32_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i] == 0 || slots_[i] < at_least) continue;
    const double regret = regret_to(method, WorkerId{i});
    if (!worst || regret > worst->regret) worst = Worst{WorkerId{i}, regret};
  }
  return worst;
}

std::size_t RegretLedger::most_slots() const {
  return slots_.empty() ? 0 : *std::max_element(slots_.begin(), slots_.end());
}

}  // namespace candor::learning
