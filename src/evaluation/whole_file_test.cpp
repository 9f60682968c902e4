#include "candor/evaluation/whole_file.h"

#include <gtest/gtest.h>

#include "dataset/test_files.h"

namespace candor::evaluation {
namespace {

// Certain votes of workers 0, 1, 2 on each slot.
baseline::ReportTable table_of(const std::vector<std::vector<std::size_t>>& votes,
                               std::size_t answers) {
  baseline::ReportTable table(answers);
  const std::vector<WorkerId> workers{WorkerId{0}, WorkerId{1}, WorkerId{2}};
  for (const auto& slot : votes) {
    std::vector<double> reports(workers.size() * answers, 0.0);
    for (std::size_t j = 0; j < slot.size(); ++j) reports[j * answers + slot[j]] = 1.0;
    table.add_slot(workers, reports);
  }
  return table;
}

// Two workers who always agree, and one who says the opposite: every method sides with the two.
TEST(WholeFile, SidesWithTheWorkersWhoAgree) {
  const std::vector<std::size_t> truth{0, 1, 1, 0, 1, 0};
  std::vector<std::vector<std::size_t>> votes;
  for (const std::size_t t : truth) votes.push_back({t, t, 1 - t});
  const baseline::ReportTable table = table_of(votes, 2);
  for (const std::string& method : whole_file_methods()) {
    const auto labels = whole_file_labels(method, table);
    ASSERT_TRUE(labels.ok()) << labels.error().message();
    ASSERT_EQ(labels->size(), 2 * truth.size());
    for (std::size_t s = 0; s < truth.size(); ++s) {
      EXPECT_GT((*labels)[2 * s + truth[s]], 0.8) << method << ", slot " << s;
      EXPECT_NEAR((*labels)[2 * s] + (*labels)[2 * s + 1], 1.0, 1e-12);
    }
  }
}

// Worker 2 takes answer 1 for 2 and 2 for 1.
TEST(WholeFile, GivesALabelToEverySlotOverThreeAnswers) {
  const baseline::ReportTable table =
      table_of({{0, 0, 0}, {1, 1, 2}, {2, 2, 1}, {0, 0, 0}, {1, 1, 2}, {2, 2, 1}}, 3);
  for (const std::string& method : whole_file_methods()) {
    const auto labels = whole_file_labels(method, table);
    ASSERT_TRUE(labels.ok()) << labels.error().message();
    ASSERT_EQ(labels->size(), 18U);
    const std::vector<std::size_t> truth{0, 1, 2, 0, 1, 2};
    for (std::size_t s = 0; s < truth.size(); ++s)
      EXPECT_GT((*labels)[3 * s + truth[s]], 0.7) << method << ", slot " << s;
  }
}

TEST(WholeFile, RefusesAnUnknownMethodAndListsTheKnownOnes) {
  const auto labels = whole_file_labels("em", table_of({{0, 0, 0}}, 2));
  dataset::expect_message(labels, {"em", "dawid-skene, dawid-skene-one-coin or glad"});
  EXPECT_FALSE(is_whole_file("dawid-skene-online"));
  EXPECT_TRUE(is_whole_file("glad"));
}

}  // namespace
}  // namespace candor::evaluation
