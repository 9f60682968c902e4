#include "candor/dataset/columns.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "dataset/table_errors.h"

namespace candor::dataset {
namespace {

using Names = std::span<const std::string_view>;

constexpr std::array<std::string_view, 5> slot_names{"task_id", "task", "event_id", "slot_id",
                                                     "slot"};
constexpr std::array<std::string_view, 2> worker_names{"worker_id", "worker"};
constexpr std::array<std::string_view, 1> time_names{"time"};
constexpr std::array<std::string_view, 4> report_names{"probability", "choice", "label", "report"};
constexpr std::array<std::string_view, 3> outcome_names{"outcome", "truth", "gold"};
constexpr std::array<std::string_view, 2> item_a_names{"item_a", "left"};
constexpr std::array<std::string_view, 2> item_b_names{"item_b", "right"};

constexpr std::array<Names, role_count> names_of_role{
    slot_names, worker_names, time_names, report_names, outcome_names, item_a_names, item_b_names};
constexpr std::array<std::string_view, role_count> role_names{
    "slot", "worker", "time", "report", "outcome", "item_a", "item_b"};
constexpr std::array<std::string_view, 2> forecast_reports{"probability", "report"};
constexpr std::array<std::string_view, 3> pairwise_reports{"choice", "label", "report"};
constexpr std::array<std::string_view, 2> label_reports{"label", "report"};

Names report_names_of(Kind kind) {
  if (kind == Kind::forecasts) return forecast_reports;
  if (kind == Kind::pairwise) return pairwise_reports;
  return label_reports;
}

template <class Range>
std::string joined(const Range& names) {
  std::string text;
  for (const std::string_view name : names) {
    if (!text.empty()) text += ", ";
    text += name;
  }
  return text;
}

bool contains(Names names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Recognises one header. Each step returns the Error that ends it.
class Recogniser {
 public:
  Recogniser(const Header& header, const ReadOptions& options)
      : header_(header), options_(options) {
    columns_.index.fill(Columns::absent);
  }

  Result<Columns> run() {
    CANDOR_CHECK(find_known());
    for (const Role role : {Role::worker, Role::time, Role::item_a, Role::item_b, Role::slot})
      CANDOR_CHECK(set_role(role, names_of_role.at(static_cast<std::size_t>(role))));
    CANDOR_CHECK(set_outcome());
    CANDOR_CHECK(set_kind());
    CANDOR_CHECK(set_role(Role::report, report_names_of(columns_.kind)));
    CANDOR_CHECK(check_required());
    if (columns_.kind == Kind::pairwise) {
      columns_.report_names_item = header_.names[columns_.of(Role::report)] == "label";
    } else {
      set(Role::item_a, Columns::absent);
      set(Role::item_b, Columns::absent);
    }
    return columns_;
  }

 private:
  [[nodiscard]] bool has_name(std::string_view name) const {
    return std::find(header_.names.begin(), header_.names.end(), name) != header_.names.end();
  }

  [[nodiscard]] std::vector<std::size_t> columns_named(Names names) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < header_.names.size(); ++i)
      if (contains(names, header_.names[i]) && header_.names[i] != options_.truth_column)
        found.push_back(i);
    return found;
  }

  [[nodiscard]] Error error(std::string found, std::string_view role) const {
    return Error{ErrorCode::malformed, std::move(found)}.in_field(role).at_row(header_.file,
                                                                               header_.row);
  }

  [[nodiscard]] std::string columns_found() const {
    std::vector<std::string> names(header_.names.begin(), header_.names.end());
    names.insert(names.end(), header_.ignored.begin(), header_.ignored.end());
    return "the columns " + joined(names);
  }

  [[nodiscard]] Status find_known() const {
    for (const std::string& name : header_.names)
      if (is_known_column(name, options_)) return {};
    std::string accepted;
    for (const Names names : names_of_role)
      accepted += (accepted.empty() ? "" : ", ") + joined(names);
    return error(columns_found() + ": unknown column role", "header")
        .expecting("some of the columns " + accepted)
        .way("rename the columns");
  }

  Status set_role(Role role, Names names) {
    const std::vector<std::size_t> found = columns_named(names);
    if (found.size() > 1) {
      return error("both " + quoted(header_.names[found[0]]) + " and " +
                       quoted(header_.names[found[1]]),
                   name_of(role))
          .expecting("one column for the role " + std::string(name_of(role)))
          .way("rename or drop one of them");
    }
    if (!found.empty()) set(role, found[0]);
    return {};
  }

  void set(Role role, std::size_t column) {
    columns_.index.at(static_cast<std::size_t>(role)) = column;
  }

  Status set_outcome() {
    if (!options_.truth_column.empty()) return set_named_outcome();
    const std::vector<std::size_t> found = columns_named(outcome_names);
    if (found.size() > 1) {
      return error("both " + quoted(header_.names[found[0]]) + " and " +
                       quoted(header_.names[found[1]]),
                   name_of(Role::outcome))
          .expecting("one outcome column")
          .way("say which with --truth-column NAME");
    }
    if (!found.empty()) set(Role::outcome, found[0]);
    return {};
  }

  Status set_named_outcome() {
    const auto found = std::find(header_.names.begin(), header_.names.end(), options_.truth_column);
    if (found != header_.names.end()) {
      set(Role::outcome, static_cast<std::size_t>(found - header_.names.begin()));
      return {};
    }
    if (header_.may_grow) return {};
    return error(columns_found(), options_.truth_column)
        .expecting("a column of the name given with --truth-column")
        .way("name one of the columns found");
  }

  [[nodiscard]] bool names_items() const {
    return columns_.has(Role::item_a) && columns_.has(Role::item_b);
  }

  [[nodiscard]] Kind kind_of_report(std::string_view name) const {
    if (name == "probability") return Kind::forecasts;
    if (name == "choice" || names_items()) return Kind::pairwise;
    return name == "label" ? Kind::labels : Kind::forecasts;
  }

  Status set_kind() {
    if (options_.kind) {
      columns_.kind = *options_.kind;
      return {};
    }
    const std::vector<std::size_t> found = columns_named(report_names);
    if (found.empty()) return missing(Role::report, report_names);
    columns_.kind = kind_of_report(header_.names[found[0]]);
    for (const std::size_t column : found) {
      const Kind other = kind_of_report(header_.names[column]);
      if (other != columns_.kind) return two_kinds(found[0], column, other);
    }
    return {};
  }

  [[nodiscard]] Error two_kinds(std::size_t first, std::size_t second, Kind other) const {
    return error("both " + quoted(header_.names[first]) + " (" +
                     std::string(name_of(columns_.kind)) + ") and " +
                     quoted(header_.names[second]) + " (" + std::string(name_of(other)) + ")",
                 name_of(Role::report))
        .expecting("one column of reports")
        .way("say which with --kind forecasts, pairwise or labels, or drop one of them");
  }

  [[nodiscard]] Error missing(Role role, Names accepted) const {
    return error(columns_found(), name_of(role))
        .expecting("a column for the role " + std::string(name_of(role)) + ": " + joined(accepted))
        .way("add the column, or rename the one that holds it");
  }

  [[nodiscard]] Status check_required() const {
    if (!columns_.has(Role::worker)) return missing(Role::worker, worker_names);
    if (!columns_.has(Role::report)) return missing(Role::report, report_names_of(columns_.kind));
    const bool pairs = columns_.kind == Kind::pairwise;
    if (!columns_.has(Role::slot) && !(pairs && names_items()))
      return missing(Role::slot, slot_names);
    const bool needs_items = pairs && header_.names[columns_.of(Role::report)] == "label";
    const bool some_item = columns_.has(Role::item_a) || columns_.has(Role::item_b);
    if (pairs && !names_items() && (needs_items || some_item)) {
      return columns_.has(Role::item_a) ? missing(Role::item_b, item_b_names)
                                        : missing(Role::item_a, item_a_names);
    }
    if (options_.order.mode == Order::Mode::time && !columns_.has(Role::time) && !header_.may_grow)
      return missing(Role::time, time_names);
    return {};
  }

  const Header& header_;
  const ReadOptions& options_;
  Columns columns_;
};

}  // namespace

std::string_view name_of(Role role) {
  return role_names.at(static_cast<std::size_t>(role));
}

bool is_known_column(std::string_view name, const ReadOptions& options) {
  if (!options.truth_column.empty() && name == options.truth_column) return true;
  return std::any_of(names_of_role.begin(), names_of_role.end(),
                     [&](Names names) { return contains(names, name); });
}

Result<Columns> recognise_columns(const Header& header, const ReadOptions& options) {
  return Recogniser(header, options).run();
}

}  // namespace candor::dataset
