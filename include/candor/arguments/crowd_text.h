// candor/arguments/crowd_text.h
// Arguments that people wrote, and the votes of a crowd on which of two is the more convincing.
//
//   CANDOR_TRY(CrowdText text, read_crowd_text("data/ukp_convarg1"));
//   CANDOR_TRY(const Split split, split_debates(text, 4, seed));      // 4 debates are held out
//   const auto pairs = training_pairs(text, split);                   // numbers of pairs
//
// The folder holds two files, plain or compressed (.gz):
//
//   pairwise.csv  task_id,time,worker_id,item_a,item_b,choice,truth     a row a vote
//                 choice, truth: a, b or tie; truth empty where no gold label is known
//   tasks.jsonl   {"task_id", "prompt", "stance", "item_a", "item_b", "strict", "response_a",
//                  "response_b"}   a line a pair; prompt: title of the debate; strict: 1 where the
//                 gold label is beyond doubt
//
// which is how UKPConvArg1 comes (Habernal & Gurevych, "Which argument is more convincing?", ACL
// 2016: 16,927 pairs of 1,052 arguments, 84,445 votes of 3,815 people). Its gold labels were
// estimated from these same votes, by the authors, with care: a reference, not an outside truth.
//
// Splits. Every argument belongs to one debate. Whole debates are held out, both sides of each, so
// that no argument and no topic of a held-out pair is seen in training.
//
// Memory: the texts and 16 bytes a vote. Thread safety: plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "candor/base/ids.h"
#include "candor/base/result.h"

namespace candor::arguments {

struct Argument {
  std::string name;
  std::size_t debate = 0;  ///< index into CrowdText::debates
  std::string stance;      ///< the side of the debate that it takes
  std::string text;
};

struct Vote {
  WorkerId worker;
  double a_preferred = 0.5;  ///< 1: a is the more convincing, 0: b, 1/2: a tie
};

struct ArgumentPair {
  std::string name;
  std::size_t a = 0;  ///< index into CrowdText::arguments; both are of one debate
  std::size_t b = 0;
  std::optional<double> gold;  ///< 1, 0 or 1/2 as in Vote; nothing: not known
  bool strict = false;         ///< the gold label is 1 or 0, and beyond doubt
  std::vector<Vote> votes;     ///< of different workers, at least one
};

struct CrowdText {
  std::string source;
  bool generated = false;  ///< made up: nothing found on it is about people
  std::vector<std::string> debates;
  std::vector<Argument> arguments;
  std::vector<std::string> workers;  ///< names by WorkerId
  std::vector<ArgumentPair> pairs;   ///< in the order in which their last votes came in
};

/// Errors: not_found for a missing file or a pair without its line of tasks; those of
/// dataset::survey; malformed, out_of_range or conflict (an argument in two debates or with two
/// texts, items that are not those of the votes), naming file, row and field.
/// Cost: 0.3 s for the whole of UKPConvArg1.
[[nodiscard]] Result<CrowdText> read_crowd_text(const std::string& folder);

/// A stand-in where no data are at hand: 8 debates of 2 sides, 14 arguments a side whose latent
/// quality shows in their words (reasons or abuse) and, weakly, in their length; 60 workers of
/// different skill, 5 votes a pair. A function of the seed alone.
[[nodiscard]] CrowdText generated_crowd_text(std::uint64_t seed);

struct Split {
  std::vector<bool> held_out;  ///< [debates]
};

/// Holds out `count` debates, drawn by the seed. Errors: out_of_range unless 1 <= count < debates.
[[nodiscard]] Result<Split> split_debates(const CrowdText& text, std::size_t count,
                                          std::uint64_t seed);

/// Numbers of all pairs of the debates that are not held out, in time order.
[[nodiscard]] std::vector<std::size_t> training_pairs(const CrowdText& text, const Split& split);
/// Numbers of the strict pairs of the held-out debates, in time order.
[[nodiscard]] std::vector<std::size_t> test_pairs(const CrowdText& text, const Split& split);
/// Numbers of the arguments of debates that are (not) held out.
[[nodiscard]] std::vector<std::size_t> arguments_of(const CrowdText& text, const Split& split,
                                                    bool held_out);

/// "TITLE (STANCE)\n": what a language model reads before the argument.
[[nodiscard]] std::string prompt_of(const CrowdText& text, const Argument& argument);

/// Prompt and argument of every training argument: what a vocabulary is made of. With a split,
/// those of debates that are not held out; without, of all.
[[nodiscard]] std::vector<std::string> corpus_for_vocabulary(const CrowdText& text);
[[nodiscard]] std::vector<std::string> corpus_for_vocabulary(const CrowdText& text,
                                                             const Split& split);

}  // namespace candor::arguments
