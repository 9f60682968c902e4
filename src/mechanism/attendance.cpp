// Who is there, who is asked, and how many answers each may still give.
#include <algorithm>
#include <string>

#include "candor/base/text.h"
#include "candor/mechanism/mechanism.h"
#include "mechanism/repeats.h"

namespace candor::mechanism {
namespace {

std::string named(WorkerId worker) {
  return "worker " + std::to_string(worker.value);
}

Status check_lottery(double lottery) {
  if (lottery >= 0.0 && lottery < 1.0) return {};
  return Error{ErrorCode::out_of_range, number_text(lottery)}
      .in_field("lottery")
      .expecting("a number in [0,1)")
      .way("draw it uniformly");
}

bool contains(std::span<const WorkerId> workers, WorkerId worker) {
  return std::find(workers.begin(), workers.end(), worker) != workers.end();
}

}  // namespace

Status Mechanism::leave(WorkerId worker) {
  CANDOR_CHECK(check_joined(worker));
  away_[worker.index()] = true;
  update_presence(worker);
  return {};
}

Status Mechanism::come_back(WorkerId worker) {
  CANDOR_CHECK(check_joined(worker));
  away_[worker.index()] = false;
  update_presence(worker);
  return {};
}

// Those who have used up their answers are not asked any more, like those away.
void Mechanism::update_presence(WorkerId worker) {
  if (!asking_ || worker.index() >= asking_->workers()) return;
  if (away_[worker.index()] || !answer_limit_.allows(worker)) {
    asking_->leave(worker);
  } else {
    asking_->come_back(worker);
  }
}

Status Mechanism::count_answer(WorkerId worker) {
  CANDOR_CHECK(check_joined(worker));
  return answer_limit_.take(worker);
}

Status Mechanism::check_asks(const learning::Asks& asks) const {
  if (asks.worker.empty() || asks.worker.size() != asks.probability.size() ||
      has_repeats(asks.worker)) {
    return Error{ErrorCode::invalid_argument, std::to_string(asks.worker.size()) + " workers, " +
                                                  std::to_string(asks.probability.size()) +
                                                  " probabilities"}
        .in_field("asks")
        .expecting("at least one worker, all different, each with its probability")
        .way("ask the workers that the rule draws");
  }
  for (std::size_t j = 0; j < asks.worker.size(); ++j) {
    CANDOR_CHECK(check_joined(asks.worker[j]));
    const double probability = asking_->probability(asks.worker[j]);
    if (probability > 0.0 && asks.probability[j] == probability) continue;
    return Error{ErrorCode::corrupt, number_text(asks.probability[j])}
        .in_field("probability of asking " + named(asks.worker[j]))
        .expecting(number_text(probability) + " (0: away, or out of answers), by the rule")
        .way("ask the workers that the rule draws at this moment");
  }
  if (asking_->could_draw(asks.worker)) return {};
  return Error{ErrorCode::corrupt, std::to_string(asks.worker.size()) + " workers"}
      .in_field("asks")
      .expecting(
          "a set that the rule can draw: of the right size, with a leader where it takes one")
      .way("ask the workers that the rule draws at this moment");
}

Result<AskedWorkers> Mechanism::ask(const learning::Asks& asks, double lottery,
                                    std::span<const WorkerId> answered) {
  if (!asking_) {
    return Error{ErrorCode::conflict, "workers asked"}
        .in_field("weight rule")
        .expecting("a rule that asks, as lf; with " + spec_.weight_rule + " whoever comes answers")
        .way("take reports as they come, or open a campaign with an asking rule");
  }
  CANDOR_CHECK(check_lottery(lottery));
  CANDOR_CHECK(check_asks(asks));
  AskedWorkers asked{asks.worker, asking_->stake(asks.worker, lottery)};
  for (const WorkerId worker : asked.worker) {
    if (contains(answered, worker)) continue;
    CANDOR_CHECK(answer_limit_.take(worker));  // present, so it has answers left
    update_presence(worker);
  }
  return asked;
}

void Mechanism::withdraw(const AskedWorkers& asked, std::span<const WorkerId> answered) {
  asking_->release(asked.worker, asked.stakes);
  for (const WorkerId worker : asked.worker) {
    if (contains(answered, worker)) continue;
    answer_limit_.give_back(worker);
    update_presence(worker);
  }
}

}  // namespace candor::mechanism
