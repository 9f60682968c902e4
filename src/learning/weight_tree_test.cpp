#include "candor/learning/weight_tree.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "candor/base/random.h"

namespace candor::learning {
namespace {

using Row = std::vector<double>;

WeightTree tree_of(const Row& weight) {
  WeightTree tree;
  tree.assign(weight);
  return tree;
}

// The slow way: goes along the row.
std::size_t walk(const Row& weight, double position) {
  double passed = 0.0;
  for (std::size_t i = 0; i < weight.size(); ++i)
    if (position < (passed += weight[i])) return i;
  return weight.size();
}

TEST(WeightTree, FindsThePositionsOfTheWorkedExample) {
  const WeightTree tree = tree_of({1, 0, 2, 1});
  EXPECT_EQ(tree.total(), 4);
  EXPECT_EQ(tree.find(0), 0U);
  EXPECT_EQ(tree.find(0.999), 0U);
  EXPECT_EQ(tree.find(1), 2U);
  EXPECT_EQ(tree.find(2.999), 2U);
  EXPECT_EQ(tree.find(3), 3U);
}

TEST(WeightTree, FindsWhatWalkingAlongTheRowFindsForAnySizeAndAfterChanges) {
  RandomStream random(1);
  for (const std::size_t n : {1UL, 2UL, 7UL, 8UL, 9UL, 63UL, 64UL, 65UL, 511UL, 513UL, 4097UL}) {
    Row weight(n);
    for (double& value : weight) value = static_cast<double>(random.below(5));  // exact sums
    weight[random.below(n)] = 3.0;
    WeightTree tree = tree_of(weight);
    for (int step = 0; step < 200; ++step) {
      const std::size_t i = random.below(n);
      weight[i] = static_cast<double>(random.below(4));
      weight[random.below(n)] = 2.0;
      tree.assign(weight);
      tree.set(i, weight[i] + 1.0);
      weight[i] += 1.0;
      double sum = 0.0;
      for (const double value : weight) sum += value;
      ASSERT_EQ(tree.total(), sum);
      const double position = random.uniform() * sum;
      ASSERT_EQ(tree.find(position), walk(weight, position)) << n << " " << step;
      ASSERT_EQ(tree[i], weight[i]);
    }
  }
}

TEST(WeightTree, IsAFunctionOfItsWeightsHoweverTheyCameAbout) {
  RandomStream random(2);
  Row weight(1000);
  for (double& value : weight) value = random.uniform();
  WeightTree changed = tree_of(weight);
  for (int step = 0; step < 100'000; ++step) {
    const std::size_t i = random.below(weight.size());
    weight[i] = std::pow(random.uniform(), 40.0);  // down to 1e-600: sums would drift
    changed.set(i, weight[i]);
  }
  EXPECT_EQ(changed.total(), tree_of(weight).total());  // to the bit
}

TEST(WeightTree, NeverFindsAWorkerWithoutWeightAlsoPastTheEnd) {
  RandomStream random(3);
  Row weight(100, 0.0);
  weight[17] = 0.1;
  weight[18] = 1e-300;
  weight[70] = 0.2;
  const WeightTree tree = tree_of(weight);
  for (int step = 0; step < 1000; ++step)
    EXPECT_GT(weight[tree.find(random.uniform() * tree.total())], 0.0);
  EXPECT_EQ(tree.find(tree.total()), 70U);
  EXPECT_EQ(tree.find(1.0), 70U);
}

TEST(WeightTree, MultipliesByPowersOfTwoWithoutChangingAnyProportion) {
  WeightTree tree = tree_of({.1, .2, .3, .4, .5, .6, .7, .8, .9, .11});
  const double before = tree.total();
  tree.multiply(0x1p-20);
  EXPECT_EQ(tree.total(), before * 0x1p-20);
  EXPECT_EQ(tree[9], .11 * 0x1p-20);
}

TEST(WeightTree, HoldsNothingAtFirst) {
  EXPECT_EQ(WeightTree().total(), 0.0);
  EXPECT_EQ(WeightTree().size(), 0U);
  EXPECT_EQ(tree_of({}).total(), 0.0);
}

}  // namespace
}  // namespace candor::learning
