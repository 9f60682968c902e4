// arguments/small_crowd.h
// For tests: a crowd small enough to work by hand, and the folder of the real one.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "candor/arguments/crowd_text.h"

namespace candor::arguments {

/// Two debates. Pairs 0 and 1 are of the first (arguments 0 to 2), pair 2 of the second (3, 4).
///   pair 0: 0 against 1, votes a, a, b, tie of workers 0 1 2 3, gold a, strict
///   pair 1: 2 against 0, votes b, b of workers 0 2,             gold tie
///   pair 2: 3 against 4, votes b, a, b of workers 1 2 3,        gold b, strict
inline CrowdText small_crowd() {
  CrowdText text;
  text.source = "by hand";
  text.debates = {"Cats", "Dogs"};
  text.arguments = {{"c0", 0, "Yes", "they purr all day long"},
                    {"c1", 0, "Yes", "fur"},
                    {"c2", 0, "Yes", "quiet"},
                    {"d0", 1, "No", "they bark"},
                    {"d1", 1, "No", "they bark at night, every night"}};
  text.workers = {"ann", "bob", "cid", "dot"};
  const auto vote = [](std::uint32_t worker, double a) { return Vote{WorkerId{worker}, a}; };
  text.pairs = {{"c0_c1", 0, 1, 1.0, true, {vote(0, 1), vote(1, 1), vote(2, 0), vote(3, 0.5)}},
                {"c2_c0", 2, 0, 0.5, false, {vote(0, 0), vote(2, 0)}},
                {"d0_d1", 3, 4, 0.0, true, {vote(1, 0), vote(2, 1), vote(3, 0)}}};
  return text;
}

/// Of the real data set, or where it would be.
inline std::string real_folder() {
  const char* set = std::getenv("CANDOR_DATA");
  return std::string(set != nullptr ? set : "../shared/data") + "/ukp_convarg1";
}

inline bool real_data_absent() {
  return !std::filesystem::exists(real_folder());
}

}  // namespace candor::arguments
