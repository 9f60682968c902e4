// candor/base/result.h
// A value, or the Error that explains why there is none.
//
//   Result<double> half(double x) {
//     if (x < 0) return Error{ErrorCode::out_of_range, "x"}.expecting("x >= 0");
//     return x / 2;
//   }
//   CANDOR_TRY(const double h, half(3));   // returns the Error from the enclosing function
//
// Thread safety: as the value's own. Cost: a std::variant.
#pragma once

#include <cassert>
#include <utility>
#include <variant>

#include "candor/base/error.h"

namespace candor {

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  /// Requires ok().
  [[nodiscard]] T& value() & {
    assert(ok());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] const T& value() const& {
    assert(ok());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] T&& value() && {
    assert(ok());
    return std::move(*std::get_if<0>(&state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  /// Requires !ok().
  [[nodiscard]] const Error& error() const& {
    assert(!ok());
    return *std::get_if<1>(&state_);
  }
  [[nodiscard]] Error&& error() && {
    assert(!ok());
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  std::variant<T, Error> state_;
};

/// Success without a value, or an Error. `return {};` is success.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : failed_(true), error_(std::move(error)) {}  // NOLINT: implicit

  [[nodiscard]] bool ok() const { return !failed_; }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] const Error& error() const& {
    assert(!ok());
    return error_;
  }
  [[nodiscard]] Error&& error() && {
    assert(!ok());
    return std::move(error_);
  }

 private:
  bool failed_ = false;
  Error error_;
};

using Status = Result<void>;

}  // namespace candor

// NOLINTBEGIN(bugprone-macro-parentheses): a declaration cannot stand in parentheses.
#define CANDOR_CONCAT_INNER(a, b) a##b
#define CANDOR_CONCAT(a, b) CANDOR_CONCAT_INNER(a, b)

/// CANDOR_TRY(auto x, f()): x = the value of f(), or return f()'s Error. f() may be Result<T> only.
/// Several statements: put braces around it under an if.
#define CANDOR_TRY(declaration, expression)                            \
  auto CANDOR_CONCAT(candor_result_, __LINE__) = (expression);         \
  if (!CANDOR_CONCAT(candor_result_, __LINE__).ok())                   \
    return std::move(CANDOR_CONCAT(candor_result_, __LINE__)).error(); \
  declaration = std::move(CANDOR_CONCAT(candor_result_, __LINE__)).value()

/// CANDOR_CHECK(f()): return f()'s Error, if it is one; the value, if any, is dropped.
#define CANDOR_CHECK(expression)                                \
  do {                                                          \
    if (auto candor_status = (expression); !candor_status.ok()) \
      return std::move(candor_status).error();                  \
  } while (false)
// NOLINTEND(bugprone-macro-parentheses)
