#include "candor/evaluation/peer_scores.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <numeric>
#include <string>
#include <utility>

#include "candor/base/random.h"
#include "candor/scoring/correlated_agreement.h"
#include "candor/scoring/mutual_information.h"

namespace candor::evaluation {
namespace {

using scoring::CorrelatedAgreement;
using Answers = std::vector<std::uint32_t>;

constexpr std::size_t most_answers = 32;  // of which a determinant still says something
constexpr std::uint64_t batch_stream = 1;

// How often answers x and y were given to one slot by two workers, each pair in both orders [K, K].
class PairCounts {
 public:
  explicit PairCounts(std::size_t answers) : answers_(answers), pairs_(answers * answers, 0.0) {}

  // given [K]: how many gave each answer to one slot.
  void add_slot(std::span<const double> given) {
    for (std::size_t x = 0; x < answers_; ++x)
      for (std::size_t y = 0; y < answers_; ++y)
        pairs_[x * answers_ + y] += given[x] * (given[y] - (x == y ? 1.0 : 0.0));
  }
  // Takes back the pairs of one worker who said `own`.
  void take_back(std::span<const double> given, std::uint32_t own) {
    for (std::size_t y = 0; y < answers_; ++y) {
      const double others = given[y] - (y == own ? 1.0 : 0.0);
      pairs_[own * answers_ + y] -= others;
      pairs_[y * answers_ + own] -= others;
    }
  }
  // As shares; nothing where there is no pair.
  [[nodiscard]] std::optional<std::vector<double>> joint() const {
    const double total = std::accumulate(pairs_.begin(), pairs_.end(), 0.0);
    if (total <= 0.0) return std::nullopt;
    std::vector<double> shares = pairs_;
    for (double& share : shares) share /= total;
    return shares;
  }

 private:
  std::size_t answers_;
  std::vector<double> pairs_;
};

// The slots of every worker, in the shuffled order.
class SlotsOfWorkers {
 public:
  struct Place {
    std::uint32_t slot = 0;
    std::uint32_t answer = 0;
  };

  SlotsOfWorkers(const PeerAnswers& answers, const std::vector<std::uint32_t>& order)
      : start_(answers.workers() + 1, 0) {
    for (const std::uint32_t slot : order)
      for (const PeerAnswers::Given& given : answers.of_slot(slot))
        ++start_[given.worker.index() + 1];
    std::partial_sum(start_.begin(), start_.end(), start_.begin());
    place_.resize(start_.back());
    std::vector<std::size_t> next(start_.begin(), start_.end() - 1);
    for (const std::uint32_t slot : order)
      for (const PeerAnswers::Given& given : answers.of_slot(slot))
        place_[next[given.worker.index()]++] = {slot, given.answer};
  }
  [[nodiscard]] std::span<const Place> of(std::size_t worker) const {
    return std::span(place_).subspan(start_[worker], start_[worker + 1] - start_[worker]);
  }

 private:
  std::vector<std::size_t> start_;
  std::vector<Place> place_;
};

// One worker's answers beside those of each peer, on the slots that both answered.
class Peers {
 public:
  explicit Peers(std::size_t workers) : start_(workers, 0), shared_(workers, 0) {}

  void look(const PeerAnswers& answers, std::size_t worker,
            std::span<const SlotsOfWorkers::Place> places) {
    forget();
    for (const auto& place : places)
      for (const PeerAnswers::Given& given : answers.of_slot(place.slot))
        if (given.worker.index() != worker) count(given.worker);
    std::sort(peers_.begin(), peers_.end());
    std::size_t end = 0;
    for (const WorkerId peer : peers_)
      start_[peer.index()] = std::exchange(end, end + shared(peer));
    own_.resize(end);
    other_.resize(end);
    for (const auto& place : places)
      for (const PeerAnswers::Given& given : answers.of_slot(place.slot))
        if (given.worker.index() != worker) place_answers(given, place.answer);
    for (const WorkerId peer : peers_) start_[peer.index()] -= shared(peer);
  }

  /// By rising id.
  [[nodiscard]] const std::vector<WorkerId>& peers() const { return peers_; }
  [[nodiscard]] std::size_t shared(WorkerId peer) const { return shared_[peer.index()]; }
  [[nodiscard]] std::span<const std::uint32_t> own(WorkerId peer) const {
    return std::span(own_).subspan(start_[peer.index()], shared(peer));
  }
  [[nodiscard]] std::span<const std::uint32_t> other(WorkerId peer) const {
    return std::span(other_).subspan(start_[peer.index()], shared(peer));
  }

 private:
  void forget() {
    for (const WorkerId peer : peers_) shared_[peer.index()] = 0;
    peers_.clear();
  }
  void count(WorkerId peer) {
    if (shared_[peer.index()]++ == 0) peers_.push_back(peer);
  }
  void place_answers(const PeerAnswers::Given& given, std::uint32_t own) {
    const std::size_t at = start_[given.worker.index()]++;
    own_[at] = own;
    other_[at] = given.answer;
  }

  std::vector<WorkerId> peers_;
  std::vector<std::size_t> start_;   // [N] into own_ and other_
  std::vector<std::size_t> shared_;  // [N]
  Answers own_;
  Answers other_;
};

// In turn into the first and the second batch.
std::array<Answers, 2> dealt(std::span<const std::uint32_t> given) {
  std::array<Answers, 2> batch;
  for (std::size_t t = 0; t < given.size(); ++t) batch.at(t % 2).push_back(given[t]);
  return batch;
}

Result<double> information(std::span<const std::uint32_t> own, std::span<const std::uint32_t> peer,
                           std::size_t answers) {
  const auto mine = dealt(own);
  const auto theirs = dealt(peer);
  CANDOR_TRY(const scoring::InformationPay pay,
             scoring::mutual_information_pay({mine[0], theirs[0]}, {mine[1], theirs[1]}, answers));
  return pay.pay / pay.largest;
}

// Scores worker after worker.
class Judge {
 public:
  Judge(const PeerAnswers& answers, const PeerScoreOptions& options, std::size_t min_shared)
      : answers_(answers),
        rule_(options.rule),
        min_shared_(min_shared),
        slots_of_(answers, shuffled(answers.slots(), options.seed)),
        peers_(answers.workers()),
        crowd_(answers.answers()) {
    if (rule_ != PeerRule::correlated_agreement) return;
    for (std::size_t slot = 0; slot < answers.slots(); ++slot) crowd_.add_slot(given_to(slot));
  }

  Result<PeerScore> score(std::size_t worker) {
    const auto places = slots_of_.of(worker);
    peers_.look(answers_, worker, places);
    PeerScore score;
    score.answered = places.size();
    score.slots = slots_with_a_peer(worker, places);
    for (const WorkerId peer : peers_.peers()) {
      score.most_shared = std::max<std::uint64_t>(score.most_shared, peers_.shared(peer));
      ++(compared(peer) ? score.peers : left_out_);
    }
    if (score.peers == 0) return score;
    CANDOR_TRY(score.score, mean(places));
    return score;
  }

  /// Pairs left out, each counted for both of its workers.
  [[nodiscard]] std::uint64_t left_out() const { return left_out_; }

 private:
  static std::vector<std::uint32_t> shuffled(std::size_t slots, std::uint64_t seed) {
    RandomStream random(seed, batch_stream);
    return shuffled_order(slots, random);
  }
  [[nodiscard]] std::vector<double> given_to(std::size_t slot) const {
    std::vector<double> given(answers_.answers(), 0.0);
    for (const PeerAnswers::Given& one : answers_.of_slot(slot)) given[one.answer] += 1.0;
    return given;
  }
  [[nodiscard]] bool compared(WorkerId peer) const { return peers_.shared(peer) >= min_shared_; }
  [[nodiscard]] std::uint64_t slots_with_a_peer(
      std::size_t worker, std::span<const SlotsOfWorkers::Place> places) const {
    const auto has_peer = [&](const SlotsOfWorkers::Place& place) {
      const auto given = answers_.of_slot(place.slot);
      return std::any_of(given.begin(), given.end(), [&](const PeerAnswers::Given& one) {
        return one.worker.index() != worker && compared(one.worker);
      });
    };
    return static_cast<std::uint64_t>(std::count_if(places.begin(), places.end(), has_peer));
  }

  // S from everybody else's answers.
  [[nodiscard]] Result<std::optional<CorrelatedAgreement>> agreement(
      std::span<const SlotsOfWorkers::Place> places) const {
    PairCounts others = crowd_;
    for (const auto& place : places) others.take_back(given_to(place.slot), place.answer);
    const auto joint = others.joint();
    if (!joint) return std::optional<CorrelatedAgreement>{};
    CANDOR_TRY(CorrelatedAgreement rule,
               CorrelatedAgreement::from_joint(*joint, answers_.answers()));
    return std::optional(std::move(rule));
  }

  Result<std::optional<double>> mean(std::span<const SlotsOfWorkers::Place> places) const {
    std::optional<CorrelatedAgreement> learned;
    if (rule_ == PeerRule::correlated_agreement) {
      CANDOR_TRY(learned, agreement(places));
      if (!learned) return std::optional<double>{};
    }
    double total = 0.0;
    double weight = 0.0;
    for (const WorkerId peer : peers_.peers()) {
      if (!compared(peer)) continue;
      const auto own = peers_.own(peer);
      const auto other = peers_.other(peer);
      CANDOR_TRY(const double pair, learned ? learned->pay_pair(own, other)
                                            : information(own, other, answers_.answers()));
      total += static_cast<double>(own.size()) * pair;
      weight += static_cast<double>(own.size());
    }
    return std::optional<double>(total / weight);
  }

  const PeerAnswers& answers_;
  PeerRule rule_;
  std::size_t min_shared_;
  SlotsOfWorkers slots_of_;
  Peers peers_;
  PairCounts crowd_;
  std::uint64_t left_out_ = 0;
};

Result<std::size_t> check(const PeerAnswers& answers, const PeerScoreOptions& options) {
  if (options.rule == PeerRule::mutual_information && answers.answers() > most_answers) {
    return Error{ErrorCode::unsupported, std::to_string(answers.answers()) + " answers"}
        .in_field("answers")
        .expecting("at most " + std::to_string(most_answers) + " for mutual-information")
        .way("take correlated-agreement");
  }
  const std::size_t fewest = fewest_shared(options.rule, answers.answers());
  if (options.min_shared == 0) return fewest;
  if (options.min_shared >= fewest) return options.min_shared;
  return Error{ErrorCode::out_of_range, std::to_string(options.min_shared)}
      .in_field("min shared")
      .expecting("at least " + std::to_string(fewest) + " slots for " +
                 std::string(name_of(options.rule)) + " over " + std::to_string(answers.answers()) +
                 " answers")
      .way("leave it out for the fewest");
}

}  // namespace

std::string_view name_of(PeerRule rule) {
  return rule == PeerRule::correlated_agreement ? "correlated-agreement" : "mutual-information";
}

Result<PeerRule> parse_peer_rule(std::string_view text) {
  for (const PeerRule rule : {PeerRule::correlated_agreement, PeerRule::mutual_information})
    if (text == name_of(rule)) return rule;
  return Error{ErrorCode::invalid_argument, std::string(text)}
      .in_field("--rule")
      .expecting("correlated-agreement or mutual-information")
      .way("correlated-agreement needs fewer slots");
}

std::size_t fewest_shared(PeerRule rule, std::size_t answers) {
  return rule == PeerRule::correlated_agreement ? 2 : 2 * answers;
}

void PeerAnswers::add_slot(std::span<const WorkerId> worker,
                           std::span<const std::uint32_t> answer) {
  assert(worker.size() == answer.size());
  for (std::size_t j = 0; j < worker.size(); ++j) {
    assert(answer[j] < answers_);
    given_.push_back({worker[j], answer[j]});
    workers_ = std::max(workers_, worker[j].index() + 1);
  }
  start_.push_back(given_.size());
}

Result<PeerScores> peer_scores(const PeerAnswers& answers, const PeerScoreOptions& options) {
  PeerScores scores;
  CANDOR_TRY(scores.min_shared, check(answers, options));
  Judge judge(answers, options, scores.min_shared);
  std::uint64_t compared = 0;
  for (std::size_t worker = 0; worker < answers.workers(); ++worker) {
    CANDOR_TRY(PeerScore score, judge.score(worker));
    compared += score.peers;
    scores.worker.push_back(score);
  }
  scores.pairs = compared / 2;
  scores.pairs_left_out = judge.left_out() / 2;
  return scores;
}

}  // namespace candor::evaluation
