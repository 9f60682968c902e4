// candor/learning/event_lottery.h
// Event lotteries: a weight rule that is truthful for workers who plan ahead. Every settled slot
// gives one win to one worker, drawn by a lottery in which a lower loss means a better chance; the
// worker with the most wins leads, and the label is the leader's report.
//
// Why that is truthful over many slots, where weighted-score is so for one slot only: a report
// moves the chance of its own slot's win and nothing else, affinely in its own loss, and one more
// win never hurts. So a worker who wants to lead in the end, or as often as possible, reports what
// it believes
//   * if it believes the events independent of one another (given what it knows). With events that
//     it believes to be correlated it can gain a little (belief .7, three identical events: best
//     report .74 in place of .70; the tests have it);
//   * if reports are sealed, and the lottery number is not known before the report is in.
// Wanting the label near one's own belief is another matter: the leader has all the say.
//
// One slot, N admitted workers of whom n are present, O asked, losses l, scores s = 1 - l:
//     f_i = 1/N (1 + d (x_i - mean over the n present of x))    present
//     f_i = 1/N                                                 away: neither helped nor hurt
// with x_i = s_i / q_i for those asked and 0 for the others; q_i is the chance that i's score
// enters:
//     everyone asked        q = 1
//     m of n, m >= 2        the leader and m - 1 others, drawn uniformly:
//                           q = 1 for the leader, (m-1)/(n-1) for the others
//     one of n, m = 1       the leader; or, with probability epsilon, a worker drawn uniformly, and
//                           only then is there a lottery (the leader's answer alone teaches nothing
//                           about the others): q = 1/n
// The mean of f over what is asked is the same in all three, so for m >= 2 the win counts have
// exactly the law they have when everyone is asked: asking few costs nothing in regret (derived;
// tested).
// With everyone present f_i = (1 + d (s_i - mean s)) / N, which is
//     (1 + d' (s_i - mean of the others' s)) / N,    d' = d (N-1)/N <= 1 - 1/N.
// The undamped d' = 1 of the literature is never reached, and must not be: with two workers it
// decides every 0/1 slot for sure, and regret grows like T/4.
//
// How the lottery is held, in O(m). One of the N tickets is drawn. If its holder is away, it has
// won. If not, with chance sum_O a_j s_j, where a_j = d / (n q_j), the ticket is handed to one of
// those asked, in proportion to a_j s_j; or else the holder keeps it. (sum_O a_j = d, so the chance
// is <= 1.) One number u, drawn with the asks, decides all of it: late outcomes and their order
// change nothing.
//
// How it differs from the common form in asking_rule.h: no weight is moved, wins are counted. What
// moves by the common form is the expected number of wins, with stake a_i n / N and claim 1/n of
// the pot, on top of a part that depends on who was asked and not on what they answer. For
// settle(), Stakes hold: stake[j] = a_j, or 0 where nobody's answer can matter (the ticket's holder
// is away, or m = 1 without exploring); claim[j] = 1/N, or 0 where there is no lottery; lottery =
// what is left of u.
//
// "Weight" is the chance of being the leader now: 1/k for each of the k with most wins, else 0;
// share() is the same among the workers named. wins() has the counts.
//
// Newcomers start with the fewest wins that any admitted worker has: so nobody gains by dropping an
// identity for a new one, as whoever is below the middle would if they started there; and none
// leads on arrival unless all are level. The cohort's mass has no meaning here and is not used; so
// this rule cannot begin at given weights: everyone of the first cohort starts with no win.
// Each identity is a ticket, though: k accounts of equal quality lead k times as often as one.
// Where one person can have many accounts, use weighted-score.
//
// Regret of the leader, to each worker: no bound with constants is known here (regret_bound is
// empty). Known orders: sqrt(N T) up to logarithms for everyone asked (hence for m >= 2), T^(2/3)
// N^(1/3) for m = 1 with epsilon ~ (N/T)^(1/3). Measured regret R, d = 1, losses 0/1 at random, the
// best worker ahead by a gap that can just be told from noise, T = 1000 to 64000, mean of 24 seeds:
//                                                               N = 4        N = 16
//     everyone asked   gap sqrt(N/T)   R / sqrt(N T)            .55 to .65   .79 to .84
//     m = 2            gap sqrt(N/T)   R / sqrt(N T)            .46 to .58   .68 to .79
//     m = 1            gap (N/T)^(1/3) R / (N^(1/3) T^(2/3))    .42 to .60   .76 to .89
// Two workers who are right by turns: R = 11, 31, 51 at T = 4000, 16000, 64000.
//
// Sources: Witkowski, Freeman, Wortman Vaughan, Pennock, Krause, "Incentive-compatible forecasting
// competitions", AAAI 2018 (the lottery); Freeman et al. 2020 (its online use, one lottery a slot
// drawn afresh every time; drawing each once has the same law slot by slot); Komiyama, Mehta,
// Mortazavi 2024 (regret). Limited feedback for m >= 2, the ticket form, damping, absences,
// newcomers: derived.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "candor/learning/asking_rule.h"

namespace candor::learning {

struct EventLotteryOptions {
  std::size_t asks = 0;  ///< m: workers asked a slot; 0: everyone present
  double damping = 1.0;  ///< d in (0,1]: smaller learns more slowly
  /// epsilon in [0,1), for asks = 1 only; 0: min(1, (n/t)^(1/3)) in slot t
  double exploration = 0.0;
};

class EventLottery final : public AskingRule {
 public:
  /// Errors: out_of_range for damping or exploration outside their range; invalid_argument for an
  /// exploration with asks other than 1, which would have no effect.
  static Result<std::unique_ptr<EventLottery>> create(const EventLotteryOptions& options);

  [[nodiscard]] std::string_view name() const override { return "elf"; }
  void admit(std::span<const WorkerId> cohort, double mass) override;
  [[nodiscard]] std::size_t workers() const override { return account_.size(); }
  void share(std::span<const WorkerId> worker, std::span<double> out) const override;
  [[nodiscard]] std::vector<double> weights() const override;
  /// Cost: O(1).
  [[nodiscard]] double weight(WorkerId worker) const override;
  [[nodiscard]] std::optional<double> regret_bound(WorkerId, double) const override { return {}; }

  /// m; the largest number there is, where everyone present is asked.
  [[nodiscard]] std::size_t asks() const override;
  void leave(WorkerId worker) override;
  void come_back(WorkerId worker) override;
  [[nodiscard]] bool is_present(WorkerId worker) const override;
  [[nodiscard]] std::size_t present() const override { return present_.size(); }
  /// The order of those asked has no meaning. Cost: O(m).
  [[nodiscard]] Asks draw(RandomStream& random) const override;
  [[nodiscard]] double probability(WorkerId worker) const override;
  [[nodiscard]] std::vector<Possible> law() const override;
  /// A leader that is present is among them, for m >= 2; any one worker present, for m = 1.
  [[nodiscard]] bool could_draw(std::span<const WorkerId> asked) const override;
  /// To be called before the next win is counted, as the leader of now is part of what is frozen.
  [[nodiscard]] Stakes stake(std::span<const WorkerId> asked, double lottery) override;
  /// Cost: O(m + log N).
  void settle(std::span<const WorkerId> asked, const Stakes& stakes,
              std::span<const double> loss) override;
  void release(std::span<const WorkerId>, const Stakes&) override {}  // nothing was set aside

  /// How often this worker has won, counted from where it started; 0 if not admitted.
  [[nodiscard]] std::uint64_t wins(WorkerId worker) const;

  /// The law of the next win, over all workers by id, if these are asked now and lose this much
  /// [m], in the order asked: f, before the lottery number is known. Sums to 1; for m = 1, to the
  /// chance that there is a lottery. Cost: O(N). For audits and tests.
  /// Worked: three workers, nobody has won, all asked, losses {0, .5, 1} -> f = {1/2, 1/3, 1/6}.
  [[nodiscard]] std::vector<double> chances(std::span<const WorkerId> asked,
                                            std::span<const double> loss) const;

 private:
  static constexpr std::uint32_t away = 0xffffffff;
  struct Account {
    std::uint64_t wins = 0;
    std::uint32_t ticket = away;  // row in order_; away: not admitted
    std::uint32_t seat = away;    // row in present_
    std::uint32_t place = away;   // row in the standing of its wins
  };

  explicit EventLottery(const EventLotteryOptions& options) : options_(options) {}
  [[nodiscard]] bool everyone_asked() const;
  [[nodiscard]] bool is_admitted(WorkerId worker) const;
  [[nodiscard]] const std::vector<WorkerId>& leaders() const { return standing_.rbegin()->second; }
  [[nodiscard]] bool leads(WorkerId worker) const;
  [[nodiscard]] double exploration() const;
  [[nodiscard]] double explored_if_asked(WorkerId worker) const;
  [[nodiscard]] double set_probability(std::span<const WorkerId> asked) const;
  [[nodiscard]] std::vector<double> parts(std::span<const WorkerId> asked, WorkerId leader) const;
  [[nodiscard]] std::vector<WorkerId> leaders_among(std::span<const WorkerId> asked) const;
  [[nodiscard]] std::vector<WorkerId> draw_set(RandomStream& random) const;
  void add_chances(std::span<const WorkerId> asked, std::span<const double> part,
                   std::span<const double> loss, double times, std::span<double> out) const;
  void enter_standing(WorkerId worker);
  void quit_standing(WorkerId worker);
  void give_win(WorkerId worker);
  void count_leader(std::uint64_t wins);

  EventLotteryOptions options_;
  std::vector<Account> account_;   // [workers]
  std::vector<WorkerId> order_;    // [N] tickets, in the order of admission
  std::vector<WorkerId> present_;  // [n]
  std::map<std::uint64_t, std::vector<WorkerId>> standing_;  // present workers, by wins
  std::uint64_t most_ = 0;                                   // wins of those who lead, away or not
  std::size_t leading_ = 0;                                  // how many do
  std::uint64_t staked_ = 0;                                 // slots so far
};

}  // namespace candor::learning
