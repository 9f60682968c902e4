#include "campaign/versions.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <vector>

#include "candor/base/file.h"

namespace candor::campaign {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t digest_bytes = 32;

void hash_text(crypto_generichash_state& state, const std::string& text) {
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(text.c_str()),
                            text.size() + 1);
}

Status hash_file(crypto_generichash_state& state, const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<char> block(std::size_t{1} << 20U);
  while (file) {
    file.read(block.data(), static_cast<std::streamsize>(block.size()));
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(block.data()),
                              static_cast<unsigned long long>(file.gcount()));
  }
  if (file.eof()) return {};
  return Error{ErrorCode::io, "reading failed"}
      .in_file(path.string())
      .expecting("a file that can be read to its end")
      .way("check the disk");
}

std::string hexadecimal(const std::array<unsigned char, digest_bytes>& bytes) {
  std::string text(2 * digest_bytes + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
  text.pop_back();
  return text;
}

Status remove_folder(const std::string& folder) {
  std::error_code problem;
  fs::remove_all(folder, problem);
  if (!problem) return {};
  return Error{ErrorCode::io, problem.message()}
      .in_file(folder)
      .expecting("a folder that can be removed")
      .way("check its permissions");
}

}  // namespace

Result<std::string> digest_of_folder(const std::string& folder) {
  std::vector<fs::path> files;
  std::error_code problem;
  for (const auto& entry : fs::recursive_directory_iterator(folder, problem))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, digest_bytes);
  for (const fs::path& file : files) {
    hash_text(state, fs::relative(file, folder).string());
    CANDOR_CHECK(hash_file(state, file));
  }
  std::array<unsigned char, digest_bytes> digest{};
  crypto_generichash_final(&state, digest.data(), digest.size());
  return hexadecimal(digest);
}

std::string Versions::folder_of(std::uint32_t version) const {
  return folder_ + "/policies/" + std::to_string(version);
}

Status Versions::begin(policy::Policy& policy) {
  CANDOR_TRY(initial_, policy.frozen_copy());
  if (!folder_.empty()) CANDOR_CHECK(make_folder(folder_ + "/policies"));
  return {};
}

Result<std::string> Versions::save(const policy::Policy& policy, std::uint32_t version) {
  if (folder_.empty()) return std::string();
  CANDOR_CHECK(remove_folder(folder_of(version)));
  CANDOR_CHECK(policy.save_state(folder_of(version)));
  return digest_of_folder(folder_of(version));
}

Status Versions::published(policy::Policy& policy, std::uint32_t version) {
  if (version == 0) return {};
  previous_ = std::move(current_);
  CANDOR_TRY(current_, policy.frozen_copy());
  if (folder_.empty() || version < 3) return {};
  return remove_folder(folder_of(version - 2));
}

Status Versions::load(policy::Policy& policy, std::size_t version,
                      const std::string& digest) const {
  const std::string folder = folder_of(static_cast<std::uint32_t>(version));
  CANDOR_TRY(const std::string found, digest_of_folder(folder));
  if (found == digest) return policy.load_state(folder);
  return Error{ErrorCode::corrupt, found}
      .in_file(folder)
      .in_field("digest")
      .expecting(digest + ", as the ledger says of version " + std::to_string(version))
      .way("restore the folder from a copy; nothing was trained on it");
}

Status Versions::restore(policy::Policy& policy, std::span<const std::string> digest) {
  const std::size_t version = digest.size() - 1;
  previous_.reset();
  current_.reset();
  if (version >= 2) {
    CANDOR_CHECK(load(policy, version - 1, digest[version - 1]));
    CANDOR_TRY(previous_, policy.frozen_copy());
  }
  CANDOR_CHECK(load(policy, version, digest[version]));
  if (version >= 1) {
    CANDOR_TRY(current_, policy.frozen_copy());
  }
  return {};
}

}  // namespace candor::campaign
