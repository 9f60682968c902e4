// candor/checkpoint/json_nesting.h
// How deep JSON from outside may be nested.
//
// Printing, copying or walking a JSON value calls itself once a level, so a file of 200,000 opening
// brackets would end the program for want of stack. No file that is read here needs ten levels;
// this is asked of the text, before it is parsed.
//
//   CANDOR_CHECK(check_nesting(text, "config.json"));
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "candor/base/result.h"

namespace candor::checkpoint {

constexpr std::size_t deepest_json = 64;

/// The most arrays and objects that are open at once, brackets within texts not counted. One pass,
/// nothing allocated. Of a text that is no JSON it is at least what a parser meets before it stops.
/// Worked: {"a": [1, "[["]} -> 2.
[[nodiscard]] std::size_t nesting_of(std::string_view json);

/// Errors: malformed, naming the file, where more than deepest_json are open at once.
[[nodiscard]] Status check_nesting(std::string_view json, const std::string& file);

}  // namespace candor::checkpoint
