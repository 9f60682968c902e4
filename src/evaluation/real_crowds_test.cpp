// Real crowds: what the documents claim of the hedged pool, and figures known from elsewhere.
// The tables lie in the folder named by CANDOR_DATA (default ../shared/data).
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "candor/pooling/aggregating_mixer.h"
#include "evaluation/replay_oracle.h"

namespace candor::evaluation {
namespace {

std::string data_folder() {
  const char* set = std::getenv("CANDOR_DATA");
  return set != nullptr ? set : "../shared/data";
}

struct RealCrowd {
  const char* name;
  const char* file;
  /// Figures of the table's own description, by the same definition as here; NaN: not stated.
  double majority_accuracy = std::nan("");
  double average_brier = std::nan("");
  double median_brier = std::nan("");

  friend void PrintTo(const RealCrowd& crowd, std::ostream* out) { *out << crowd.name; }
};

const std::vector<RealCrowd> crowds{
    {"bluebird", "labels.csv.gz", .759},
    {"rte", "labels.csv.gz"},
    {"dog", "labels.csv.gz"},
    {"web_relevance", "labels.csv.gz"},
    {"product_matching", "labels.csv.gz", .897},
    {"music_genre", "labels.csv.gz"},
    {"sentence_polarity", "labels.csv.gz"},
    {"sentence_polarity_amt", "labels.csv.gz"},
    {"fact_eval", "labels.csv.gz"},
    {"ukp_convarg1", "pairwise.csv.gz", .955},
    {"acx2023", "forecasts.csv.gz", std::nan(""), .1765, .1655},
    {"replication_survey", "forecasts.csv.gz", std::nan(""), .2049, .2068},
};

class RealCrowdTest : public ::testing::TestWithParam<RealCrowd> {};

TEST_P(RealCrowdTest, BearsOutWhatIsClaimed) {
  ReplayOptions options;
  options.paths = {data_folder() + "/" + GetParam().name + "/" + GetParam().file};
  options.baselines = {"dawid-skene-online", "dawid-skene", "glad"};
  if (!std::filesystem::exists(options.paths[0]))
    GTEST_SKIP() << "no table " << options.paths[0] << "; set CANDOR_DATA";
  const auto result = replay(options);
  ASSERT_TRUE(result.ok()) << result.error().message();

  const Score hedged = method_of(*result, "hedged").score;
  constexpr std::size_t members = 18;
  for (const MethodResult& method : result->methods)
    EXPECT_LE(hedged.loss, method.score.loss + pooling::mixing_cost(members)) << method.name;
  for (const char* name : {"dawid-skene", "glad"})
    EXPECT_LT(*hedged.brier(), *method_of(*result, name).score.brier()) << name;
  if (result->settled >= 500) {
    for (const char* name : {"average", "median", "majority"})
      EXPECT_LT(*hedged.brier(), *method_of(*result, name).score.brier()) << name;
  }
  for (const MethodResult& method : result->methods)
    EXPECT_LE(method.regret.value_or(0), method.bound.value_or(1e9)) << method.name;

  // Figures are given to three or four decimals.
  if (!std::isnan(GetParam().majority_accuracy)) {
    EXPECT_NEAR(*method_of(*result, "majority").score.accuracy(), GetParam().majority_accuracy,
                5.1e-4);
  }
  if (!std::isnan(GetParam().average_brier)) {
    EXPECT_NEAR(*method_of(*result, "average").score.brier(), GetParam().average_brier, 5.1e-5);
    EXPECT_NEAR(*method_of(*result, "median").score.brier(), GetParam().median_brier, 5.1e-5);
  }
}

INSTANTIATE_TEST_SUITE_P(Data, RealCrowdTest, ::testing::ValuesIn(crowds),
                         [](const auto& crowd) { return std::string(crowd.param.name); });

}  // namespace
}  // namespace candor::evaluation
