#include "candor/dataset/name_table.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "candor/base/random.h"

namespace candor::dataset {
namespace {

TEST(NameTable, NumbersNamesInOrderOfAppearance) {
  NameTable workers;
  EXPECT_TRUE(workers.empty());
  EXPECT_FALSE(workers.find("ann").has_value());
  EXPECT_EQ(workers.find_or_add("ann"), 0U);
  EXPECT_EQ(workers.find_or_add("bob"), 1U);
  EXPECT_EQ(workers.find_or_add("ann"), 0U);
  EXPECT_EQ(workers.find("bob"), 1U);
  EXPECT_FALSE(workers.find("eve").has_value());
  EXPECT_EQ(workers[1], "bob");
  EXPECT_EQ(workers.size(), 2U);
}

std::vector<std::string> random_names(std::size_t count) {
  RandomStream random(5);
  std::vector<std::string> names(count);
  for (std::string& name : names) {
    name = std::to_string(random.below(count / 2));
    name.insert(0, random.below(20), 'n');
  }
  return names;
}

TEST(NameTable, AgreesWithAMapAlsoForManyAtOnce) {
  const std::vector<std::string> names = random_names(20'000);
  const std::vector<std::string_view> views(names.begin(), names.end());
  NameTable one_by_one;
  NameTable at_once;
  std::map<std::string, std::uint32_t> oracle;
  std::vector<std::uint32_t> ids(names.size());
  at_once.find_or_add(views, ids);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto expected =
        oracle.emplace(names[i], static_cast<std::uint32_t>(oracle.size())).first->second;
    ASSERT_EQ(one_by_one.find_or_add(names[i]), expected);
    ASSERT_EQ(ids[i], expected);
    ASSERT_EQ(at_once[expected], names[i]);
  }
  EXPECT_EQ(at_once.size(), oracle.size());
}

}  // namespace
}  // namespace candor::dataset
