#include "policy/json_file.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "candor/base/file.h"
#include "candor/policy/whole_folder.h"

namespace candor::policy {

Result<nlohmann::json> read_json(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored))
    return Error{ErrorCode::not_found, "no such file"}.in_file(path).way("check the path");
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (!file.good() && !file.eof()) return Error{ErrorCode::io, "reading failed"}.in_file(path);
  nlohmann::json object = nlohmann::json::parse(bytes, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object())
    return Error{ErrorCode::corrupt, "bytes that are no JSON object"}.in_file(path).way(
        "use another copy of the file");
  return object;
}

Status write_json_folder(const std::string& path, const std::string& name,
                         const nlohmann::json& object) {
  CANDOR_TRY(WholeFolder folder, WholeFolder::create(path));
  CANDOR_CHECK(write_file(folder.inside(name), object.dump() + "\n"));
  return folder.commit();
}

}  // namespace candor::policy
