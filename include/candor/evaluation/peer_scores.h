// candor/evaluation/peer_scores.h
// Scores workers by each other's answers, where no outcome will ever come: every pair of workers
// with enough slots in common is compared by a peer-prediction rule, and a worker's score is the
// mean over its peers, weighted by the slots shared.
//
//   rule                   a pair's score, in [-1,1]           needs shared  honesty is
//   correlated-agreement   pay_pair: agreement on same slots   2             an equilibrium, and
//                          less agreement on different slots                 none pays more
//   mutual-information     det(M1) det(M2) / the largest it    2 K           dominant
//                          can be, over two batches
// (scoring/correlated_agreement.h and mutual_information.h say what exactly, and what is not
// promised.) What both do: accurate workers score highest, and who always says the same scores
// exactly 0. Where they differ: a worker who swaps two answers throughout scores below 0 under
// correlated agreement, and as if honest under mutual information (det changes sign in both
// batches). Mutual information is 0 for a pair that never uses some answer: take it for few,
// common answers.
//
// Exact meaning.
//   * Correlated agreement counts as agreement what the others' answers say: S for worker i comes
//     from the pairs of answers to one slot by all workers but i. So no report of a worker chooses
//     its own S. Where nobody else shares a slot there is no S, and no score.
//   * Mutual information deals the slots that a pair shares into two batches, one by one in
//     turn, in an order of slots shuffled by `seed` (shuffled_order(slots, RandomStream(seed,
//     1))). Nobody can know the batch of a slot while answering if the seed is chosen afterwards.
//   * Pairs with fewer than `min_shared` slots are left out: which these are depends on who
//     answered what, not on what they answered.
//
//   PeerAnswers answers(2);                          // two answers to choose from
//   answers.add_slot(workers, given);                // slot by slot
//   CANDOR_TRY(const PeerScores scores, peer_scores(answers, {}));
// Worked (also the first test), correlated agreement over four slots:
//   ann 0 0 1 1   bob 0 0 1 1   cyd 0 0 1 0
//   S is {1,0,0,1} for each; ann-bob 1 - 1/3 = 2/3, ann-cyd and bob-cyd 3/4 - 5/12 = 1/3
//   scores: ann (2/3 + 1/3)/2 = 1/2, bob 1/2, cyd 1/3
//
// Cost: O(sum over slots of (answers in it)^2), found by slot -> workers, so that workers who
// share no slot cost nothing; and O(N K^2). Memory: 16 bytes an answer, and those of one worker's
// peers. Thread safety: pure function. Sources: as in the two headers; leaving a worker's own
// answers out of S and the weights over peers: derived.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "candor/base/ids.h"
#include "candor/base/result.h"

namespace candor::evaluation {

enum class PeerRule : std::uint8_t { correlated_agreement, mutual_information };

/// "correlated-agreement", "mutual-information".
[[nodiscard]] std::string_view name_of(PeerRule rule);
/// The reverse. Errors: invalid_argument, listing the names.
[[nodiscard]] Result<PeerRule> parse_peer_rule(std::string_view text);

/// Who gave which answer to which slot.
class PeerAnswers {
 public:
  struct Given {
    WorkerId worker;
    std::uint32_t answer = 0;
  };

  /// answers: K >= 2.
  explicit PeerAnswers(std::size_t answers) : answers_(answers) {}

  /// The answers, each below K, of workers who are all different (asserted); none is allowed.
  void add_slot(std::span<const WorkerId> worker, std::span<const std::uint32_t> answer);

  [[nodiscard]] std::size_t answers() const { return answers_; }
  [[nodiscard]] std::size_t slots() const { return start_.size() - 1; }
  /// The highest worker id that answered anything, + 1.
  [[nodiscard]] std::size_t workers() const { return workers_; }
  [[nodiscard]] std::span<const Given> of_slot(std::size_t slot) const {
    return std::span(given_).subspan(start_[slot], start_[slot + 1] - start_[slot]);
  }

 private:
  std::size_t answers_;
  std::size_t workers_ = 0;
  std::vector<std::size_t> start_{0};  // [slots + 1] into given_
  std::vector<Given> given_;
};

struct PeerScoreOptions {
  PeerRule rule = PeerRule::correlated_agreement;
  /// Pairs with fewer slots in common are not compared; 0: the fewest that the rule can use.
  std::size_t min_shared = 0;
  std::uint64_t seed = 1;  ///< of the batches of mutual information
};

struct PeerScore {
  std::uint64_t answered = 0;     ///< slots
  std::uint64_t slots = 0;        ///< of these, shared with a peer it was compared with
  std::uint64_t peers = 0;        ///< whom it was compared with
  std::uint64_t most_shared = 0;  ///< slots shared with any one worker, compared or not
  /// In [-1,1], on average 0 without information; nothing without peers, or without S.
  std::optional<double> score;
};

struct PeerScores {
  std::size_t min_shared = 0;        ///< as used
  std::uint64_t pairs = 0;           ///< compared
  std::uint64_t pairs_left_out = 0;  ///< with 1 .. min_shared - 1 slots in common
  std::vector<PeerScore> worker;     ///< by WorkerId
};

/// The fewest slots that a pair must share: 2 or 2 K.
[[nodiscard]] std::size_t fewest_shared(PeerRule rule, std::size_t answers);

/// Errors: out_of_range for a min_shared that the rule cannot work with; unsupported for mutual
/// information over more than 32 answers.
[[nodiscard]] Result<PeerScores> peer_scores(const PeerAnswers& answers,
                                             const PeerScoreOptions& options);

}  // namespace candor::evaluation
