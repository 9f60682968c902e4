#include "context_fit.h"

#include <gtest/gtest.h>

#include <numeric>

namespace candor::app {
namespace {

using Tokens = std::vector<policy::Token>;

Tokens counting(std::size_t n) {
  Tokens tokens(n);
  std::iota(tokens.begin(), tokens.end(), 1);
  return tokens;
}

TEST(ContextFit, LongPromptsLoseTheirBeginning) {
  ContextFit fit(8);
  Tokens prompt = counting(9);
  fit.cut(prompt, 3);
  EXPECT_EQ(prompt, (Tokens{5, 6, 7, 8, 9}));
  EXPECT_EQ(fit.cut_prompts(), 1U);
  EXPECT_EQ(fit.most_cut(), 4U);
}

TEST(ContextFit, WhatFitsStaysAsItIs) {
  ContextFit fit(8);
  Tokens prompt = counting(5);
  fit.cut(prompt, 3);
  EXPECT_EQ(prompt, counting(5));
  EXPECT_EQ(fit.note(), "");
}

TEST(ContextFit, TheTokenThatBeginsATextIsKept) {
  ContextFit fit(8);
  Tokens prompt = counting(9);
  fit.cut(prompt, 3, 1);
  EXPECT_EQ(prompt, (Tokens{1, 6, 7, 8, 9}));
  Tokens other = counting(9);
  fit.cut(other, 3, 7);  // begins with another token
  EXPECT_EQ(other, (Tokens{5, 6, 7, 8, 9}));
  Tokens tight = counting(9);
  fit.cut(tight, 7, 1);  // room for one: better the last of the prompt than only a begin token
  EXPECT_EQ(tight, (Tokens{9}));
}

TEST(ContextFit, SaysHowManyAndByHowMuch) {
  ContextFit fit(8);
  for (const std::size_t length : {4UL, 6UL, 9UL}) {
    Tokens prompt = counting(length);
    fit.cut(prompt, 3);
  }
  EXPECT_EQ(fit.note(),
            "2 of 3 prompts were too long for the context of 8 tokens together with their answers: "
            "cut at the left by up to 4 tokens");
}

TEST(ContextFit, AnAnswerNeedsATokenBeforeIt) {
  EXPECT_TRUE(ContextFit(8).answer_fits(7));
  EXPECT_FALSE(ContextFit(8).answer_fits(8));
}

}  // namespace
}  // namespace candor::app
