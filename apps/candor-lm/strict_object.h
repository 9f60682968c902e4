// A JSON object of settings, read member by member; what nobody asked for is an error.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "candor/base/result.h"

namespace candor::app {

class StrictObject {
 public:
  /// where: the path of the object inside the file, for messages ("" at the top).
  StrictObject(const nlohmann::json& json, std::string file, std::string where = "")
      : json_(json), file_(std::move(file)), where_(std::move(where)) {}

  [[nodiscard]] bool has(const char* name) const {
    return json_.is_object() && json_.contains(name);
  }
  /// Each leaves its target as it is where the member is missing.
  void read(const char* name, std::string& target);
  void read(const char* name, std::size_t& target);
  void read(const char* name, double& target);
  void read(const char* name, bool& target);
  void read(const char* name, std::vector<std::string>& target);
  void read(const char* name, std::optional<double>& target);
  /// One of the texts; the target becomes the value beside it.
  template <class Value>
  void choose(const char* name, Value& target,
              const std::vector<std::pair<std::string, Value>>& choices);
  /// Null where the member is missing or no object.
  const nlohmann::json* object(const char* name);
  const nlohmann::json* list(const char* name);
  [[nodiscard]] StrictObject inside(const char* name, const nlohmann::json& json) const {
    return {json, file_, path(name)};
  }

  void fail(const char* name, const std::string& found, const std::string& expected);
  void adopt(Status status) {
    if (status_.ok()) status_ = std::move(status);
  }
  /// The first thing that was wrong, unknown members included. To be called last.
  Status finish();

 private:
  [[nodiscard]] std::string path(const std::string& name) const {
    return where_.empty() ? name : where_ + "." + name;
  }
  const nlohmann::json* find(const char* name);

  const nlohmann::json& json_;
  std::string file_;
  std::string where_;
  std::set<std::string> known_;
  Status status_;
};

template <class Value>
void StrictObject::choose(const char* name, Value& target,
                          const std::vector<std::pair<std::string, Value>>& choices) {
  std::string text;
  read(name, text);
  if (text.empty()) return;
  std::string names;
  for (const auto& [choice, value] : choices) {
    if (choice == text) {
      target = value;
      return;
    }
    names += (names.empty() ? "" : ", ") + choice;
  }
  fail(name, text, "one of " + names);
}

}  // namespace candor::app
