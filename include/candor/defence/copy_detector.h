// candor/defence/copy_detector.h
// Which workers copy from each other, or from one source? For every pair with enough slots in
// common: do their answers agree more than those of two independent workers as accurate as they?
//
//   CANDOR_TRY(const CopyReport report, detect_copying(sheet, {.false_alarms = 0.01}));
//   report.groups   // [[WorkerId{3}, WorkerId{7}, WorkerId{9}]]: a ring, or one person's accounts
//
// Honest workers agree too: they are often right, and they are wrong together where a slot is hard.
// So slots are sorted into strata alike in
//   * what was right: the outcome or, while it is not known, what most of the others answered;
//   * how hard it was: the part of the others who were right, in tenths (two virtual others, right
//     in 3 of 4 cases, keep thinly answered slots in the middle).
// "The others" leave out the pair itself and everyone suspected: a ring must not vouch for its own
// mistakes. Suspicion comes from a first round without the second condition; a second round with
// both narrows it, and a third decides.
// Within a stratum of n common slots in which one was right a times and the other b times,
// independent workers are both right hypergeometrically often. What difficulty remains inside a
// stratum is common to all pairs: it is measured by the Mantel-Haenszel odds ratio psi over all
// pairs that are not accused, and a pair must agree more than pairs with that odds ratio, and a
// margin above it for pairs that differ, would.
//
//   p(pair) <= min over theta >= 0 of  prod_strata E exp(theta X_s) / exp(theta x),
//   X_s noncentral hypergeometric with odds ratio `margin` * psi, x the slots both were right
//
// This is Chernoff's bound: never below the true tail, and equal to it where the agreement is as
// great as it can be. Accused are the pairs that pass Holm's procedure over all tested pairs in
// every round: in a crowd of independent workers the chance that anybody at all is accused is at
// most `false_alarms`. (Family-wise and not a rate of false discoveries: an accusation costs a
// person.) The statement is exact where slots of one stratum are equally hard; for crowds with
// easy and hard slots it was tested by simulation (copy_detector_test.cpp), not proved.
//
// What it cannot say: who copied from whom, or why. Two honest workers who read the same source
// agree as two copyists do; their evidence still counts only once. So an accusation leads to
// quarantine (quarantine.h), which costs an honest worker nothing, not to punishment.
// What it cannot see: copies of somebody who makes almost no mistakes (harmless), rings with few
// slots in common (six workers who copy each other outright are found from about 60 on), and large
// rings where outcomes never come: what most answer is then partly theirs, honest workers look like
// a ring beside it (1 crowd in 40, with 12 of 40 in the ring and no outcome at all).
//
// Cost: O(co-answers), the sum over slots of (reports in it)^2 / 2, three times, at about 10 ns
// each; pairs are found through a worker -> slots -> reports index, so workers who share no slot
// cost nothing. Parallel over workers; the same bits for any number of threads.
// Memory: 8 bytes a report and 4 K a slot for the index; on each thread 4 bytes a worker and 12 for
// each co-answer of the one worker at hand; about 300 bytes for each pair that agrees by three
// standard deviations more than chance. Pairs that do not are set aside at once (never an alarm
// more).
//
// Sources: Mantel & Haenszel 1959 (strata, common odds ratio); Fisher 1935 (the noncentral law);
// Holm 1979. Copying seen in shared mistakes: Dong, Berti-Equille & Srivastava 2009. Combination
// derived.
#pragma once

#include <cstddef>
#include <vector>

#include "candor/base/result.h"
#include "candor/defence/answer_sheet.h"

namespace candor::defence {

struct CopyOptions {
  /// The chance that anyone is accused in a crowd of independent workers: in (0,1).
  double false_alarms = 0.01;
  /// Pairs with fewer common slots are not tested; at least 2.
  std::size_t min_common = 20;
  /// By what factor the odds ratio of an honest pair may exceed the crowd's: at least 1.
  double margin = 1.25;
  std::size_t threads = 0;  ///< 0: all
};

/// A pair that agrees too often. first < second.
struct CopyingPair {
  WorkerId first;
  WorkerId second;
  std::size_t common = 0;  ///< slots answered by both, with something to be right about
  std::size_t agreed = 0;  ///< of these: both right or both wrong
  double expected = 0.0;   ///< agreements of independent workers, given the strata
  double log_p = 0.0;  ///< natural logarithm of the bound on the p-value, the largest of the rounds
};

struct CopyReport {
  std::size_t tested = 0;          ///< pairs with enough slots in common
  double odds_ratio = 1.0;         ///< psi, of the pairs that are not accused; at least 1
  std::vector<CopyingPair> pairs;  ///< surest first
  std::vector<std::vector<WorkerId>> groups;  ///< connected by pairs; largest first, ids rising
};

/// Errors: out_of_range, naming the option.
[[nodiscard]] Result<CopyReport> detect_copying(const AnswerSheet& sheet,
                                                const CopyOptions& options = {});

}  // namespace candor::defence
