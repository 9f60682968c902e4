#include "model_verbs.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

namespace candor::app {
namespace {

struct ModelVerb {
  const char* name;
  const char* description;
};

constexpr std::array<ModelVerb, 5> verbs{{
    {"align", "Fine-tune a language model on what a crowd prefers, round after round"},
    {"train", "Train a model on a file of texts or preferences"},
    {"generate", "Let a model answer prompts"},
    {"export", "Write a model as a Hugging Face folder or a GGUF file"},
    {"demo", "The navigation campaign, or the debates: real data, a model trained on the spot"},
}};

std::filesystem::path sibling() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path() / "candor-lm";
}

// Returns only if the program could not be started.
Status hand_over(const std::string& verb, std::vector<std::string> arguments) {
  const std::string program = sibling();
  std::vector<std::string> words{"candor", verb};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  ::execv(program.c_str(), pointers.data());
  return Error{ErrorCode::unsupported, std::strerror(errno)}
      .in_file(program)
      .expecting("the program that holds the verbs for language models")
      .way(
          "build with -DCANDOR_LM=ON (tools/setup installs LibTorch), or keep both programs in one "
          "folder");
}

}  // namespace

void add_model_verbs(CLI::App& program, Action& action) {
  for (const ModelVerb& verb : verbs) {
    CLI::App* command = program.add_subcommand(verb.name, verb.description);
    command->set_help_flag();
    command->prefix_command();
    command->fallthrough(false);
    command->callback([command, &action, name = std::string(verb.name)] {
      action = [name, arguments = command->remaining()] { return hand_over(name, arguments); };
    });
  }
}

}  // namespace candor::app
