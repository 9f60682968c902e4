#include "candor/arguments/strategic_votes.h"

#include <algorithm>

#include "candor/base/random.h"
#include "candor/base/text.h"

namespace candor::arguments {
namespace {

constexpr std::uint64_t stream = 0x57A7;

// The argument that most of the recorded votes are for: 1, 0, or 1/2 where they tie.
double favoured_side(const ArgumentPair& pair) {
  double lead = 0.0;
  for (const Vote& vote : pair.votes) lead += vote.a_preferred - 0.5;
  if (lead == 0.0) return 0.5;
  return lead > 0.0 ? 1.0 : 0.0;
}

double shorter_side(const CrowdText& text, const ArgumentPair& pair) {
  const std::size_t a = text.arguments[pair.a].text.size();
  const std::size_t b = text.arguments[pair.b].text.size();
  if (a == b) return 0.5;
  return a < b ? 1.0 : 0.0;
}

// The accounts of one kind, of which more and more have begun to vote.
class Accounts {
 public:
  Accounts(CrowdText& text, const std::string& kind, std::size_t votes, std::size_t accounts)
      : votes_(votes), accounts_(accounts), first_(text.workers.size()) {
    if (votes == 0) return;
    for (std::size_t k = 0; k < accounts; ++k)
      text.workers.push_back(kind + "-" + std::to_string(k));
  }

  void vote(ArgumentPair& pair, double side, double share_over, RandomStream& random) const {
    if (votes_ == 0) return;
    const auto begun = static_cast<std::size_t>(share_over * static_cast<double>(accounts_)) + 1;
    const auto order = shuffled_order(std::max(begun, votes_), random);
    for (std::size_t v = 0; v < votes_; ++v)
      pair.votes.push_back({WorkerId{static_cast<std::uint32_t>(first_ + order[v])}, side});
  }

 private:
  std::size_t votes_;
  std::size_t accounts_;
  std::size_t first_;
};

Status check(const StrategicPlan& plan) {
  const std::size_t most =
      std::max({plan.contrarian_votes, plan.shorter_votes, plan.ring_votes, std::size_t{1}});
  if (plan.accounts < most)
    return Error{ErrorCode::out_of_range, std::to_string(plan.accounts)}
        .in_field("strategic accounts")
        .expecting("at least " + std::to_string(most) + ", the votes a pair of one kind")
        .way("give more accounts, or fewer votes");
  if (plan.ring_lie >= 0.0 && plan.ring_lie <= 1.0) return {};
  return Error{ErrorCode::out_of_range, number_text(plan.ring_lie)}
      .in_field("ring lie")
      .expecting("a probability in [0,1]")
      .way("leave it at its default");
}

std::string sentence(std::size_t votes, const std::string& what) {
  return std::to_string(votes) + (votes == 1 ? " vote" : " votes") + " a pair " + what;
}

}  // namespace

std::vector<std::string> describe(const StrategicPlan& plan) {
  std::vector<std::string> lines;
  if (plan.contrarian_votes > 0)
    lines.push_back(
        sentence(plan.contrarian_votes, "against the argument that most recorded votes are for"));
  if (plan.shorter_votes > 0)
    lines.push_back(sentence(plan.shorter_votes, "for the shorter argument"));
  if (plan.ring_votes > 0)
    lines.push_back(sentence(plan.ring_votes, "copied from one leader, who lies with probability " +
                                                  number_text(plan.ring_lie)));
  return lines;
}

Result<CrowdText> with_strategic_votes(const CrowdText& text, const StrategicPlan& plan,
                                       std::uint64_t seed) {
  CANDOR_CHECK(check(plan));
  CrowdText mixed = text;
  const Accounts contrarians(mixed, "contrarian", plan.contrarian_votes, plan.accounts);
  const Accounts shorter(mixed, "shorter", plan.shorter_votes, plan.accounts);
  const Accounts ring(mixed, "ring", plan.ring_votes, plan.accounts);
  RandomStream random(seed, stream);
  for (std::size_t i = 0; i < mixed.pairs.size(); ++i) {
    ArgumentPair& pair = mixed.pairs[i];
    const double over = static_cast<double>(i) / static_cast<double>(mixed.pairs.size());
    double favoured = favoured_side(pair);
    if (favoured == 0.5) favoured = random.bernoulli(0.5) ? 1.0 : 0.0;
    const double led = random.bernoulli(plan.ring_lie) ? 1.0 - favoured : favoured;
    contrarians.vote(pair, 1.0 - favoured, over, random);
    shorter.vote(pair, shorter_side(text, pair), over, random);
    ring.vote(pair, led, over, random);
  }
  return mixed;
}

}  // namespace candor::arguments
