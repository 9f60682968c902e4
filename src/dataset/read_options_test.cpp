#include "candor/dataset/read_options.h"

#include <gtest/gtest.h>

#include "dataset/test_files.h"

namespace candor::dataset {
namespace {

TEST(ReadOptions, OrdersReadBack) {
  for (const Order& order : {Order{}, Order{Order::Mode::time, 0}, Order{Order::Mode::shuffle, 7},
                             Order{Order::Mode::shuffle, 18446744073709551615ULL}})
    EXPECT_EQ(*parse_order(text_of(order)), order);
  EXPECT_EQ(text_of({Order::Mode::shuffle, 7}), "shuffle:7");
}

TEST(ReadOptions, RefusesOtherWords) {
  for (const char* text : {"", "File", "shuffle", "shuffle:", "shuffle:-1", "shuffle:1x",
                           "shuffle:18446744073709551616"})
    expect_message(parse_order(text), {"--order", "file, time or shuffle:SEED"});
  expect_message(parse_kind("votes"), {"--kind", "votes", "forecasts, pairwise or labels"});
  expect_message(parse_ties("half"), {"--ties", "half", "split or answer"});
  EXPECT_EQ(*parse_kind("pairwise"), Kind::pairwise);
  EXPECT_EQ(*parse_ties(name_of(Ties::answer)), Ties::answer);
}

}  // namespace
}  // namespace candor::dataset
