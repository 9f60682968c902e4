#include "lm/torch_scorer.h"

#include <torch/utils.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <map>
#include <utility>

#include "candor/base/text.h"
#include "lm/exceptions.h"
#include "lm/micro_batches.h"
#include "lm/mixed_precision.h"
#include "lm/training_state.h"

namespace candor::lm {

namespace {

using policy::Sequence;

constexpr const char* first_moment_prefix = "first_moment.";
constexpr const char* second_moment_prefix = "second_moment.";

torch::Tensor to_tensor(const std::vector<std::int64_t>& values, const torch::Device& device) {
  return torch::tensor(values, torch::kLong).to(device);
}

std::vector<std::size_t> shape_of(const torch::Tensor& tensor) {
  return {tensor.sizes().begin(), tensor.sizes().end()};
}

StoredTensor stored(const std::string& name, const torch::Tensor& tensor) {
  const torch::Tensor flat = tensor.detach().to(torch::kCPU, torch::kFloat).contiguous();
  const float* data = flat.data_ptr<float>();
  return {.name = name, .shape = shape_of(tensor), .values = {data, data + flat.numel()}};
}

// FNV-1a over 64 evenly spaced numbers of every tensor that is not trained.
std::string fingerprint_of_frozen(const torch::nn::Module& network) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const auto& item : network.named_parameters()) {
    if (item.value().requires_grad() || item.value().numel() == 0) continue;
    const torch::Tensor flat = item.value().detach().reshape({-1});
    const std::int64_t step = std::max<std::int64_t>(1, flat.numel() / 64);
    const torch::Tensor some = flat.slice(0, 0, flat.numel(), step).to(torch::kCPU).contiguous();
    for (std::int64_t i = 0; i < some.numel(); ++i)
      hash = (hash ^ std::bit_cast<std::uint32_t>(some.data_ptr<float>()[i])) * 1099511628211ULL;
  }
  return std::to_string(hash);
}

std::string shape_text(const std::vector<std::size_t>& shape) {
  std::string text = "[";
  for (const std::size_t size : shape) text += (text.size() > 1 ? "," : "") + std::to_string(size);
  return text + "]";
}

Error of_another_model(const std::string& folder, const std::string& found,
                       const std::string& expected) {
  return Error{ErrorCode::conflict, found}.in_file(folder).expecting(expected).way(
      "load the state into the model that saved it, with the same adapter");
}

// The stored tensors by name; taking one out leaves the rest to be complained about.
class StoredTensors {
 public:
  StoredTensors(std::string folder, std::vector<StoredTensor> tensors)
      : folder_(std::move(folder)) {
    for (StoredTensor& tensor : tensors) by_name_.emplace(tensor.name, std::move(tensor));
  }
  [[nodiscard]] bool has(const std::string& name) const { return by_name_.contains(name); }
  [[nodiscard]] std::size_t size() const { return by_name_.size(); }

  Result<torch::Tensor> take(const std::string& name, const torch::Tensor& like) {
    const auto found = by_name_.find(name);
    if (found == by_name_.end())
      return of_another_model(folder_, "no tensor " + name, "one of " + shape_text(shape_of(like)));
    StoredTensor tensor = std::move(found->second);
    by_name_.erase(found);
    if (tensor.shape != shape_of(like))
      return of_another_model(folder_, name + " of shape " + shape_text(tensor.shape),
                              "shape " + shape_text(shape_of(like)));
    const torch::Tensor values =
        torch::from_blob(tensor.values.data(), like.sizes(), torch::kFloat);
    return torch::empty_like(like.detach()).copy_(values);
  }

 private:
  std::string folder_;
  std::map<std::string, StoredTensor> by_name_;
};

Result<TrainedParameter> take_parameter(StoredTensors& tensors, const TrainedParameter& mine) {
  TrainedParameter theirs{.name = mine.name, .value = {}, .first_moment = {}, .second_moment = {}};
  CANDOR_TRY(theirs.value, tensors.take(mine.name, mine.value));
  if (!tensors.has(first_moment_prefix + mine.name)) return theirs;  // saved before the first step
  CANDOR_TRY(theirs.first_moment, tensors.take(first_moment_prefix + mine.name, mine.value));
  CANDOR_TRY(theirs.second_moment, tensors.take(second_moment_prefix + mine.name, mine.value));
  return theirs;
}

}  // namespace

PaddedBatch pad(std::span<const Sequence> sequences, std::span<const std::size_t> which,
                const torch::Device& device) {
  std::size_t longest = 0;
  for (const std::size_t i : which) longest = std::max(longest, sequences[i].tokens.size());
  const auto columns = static_cast<std::int64_t>(longest);
  std::vector<std::int64_t> tokens(which.size() * longest, 0);
  std::vector<std::int64_t> place;
  std::vector<std::int64_t> target;
  std::vector<std::int64_t> row;
  std::vector<std::int64_t> last;
  for (std::size_t r = 0; r < which.size(); ++r) {
    const Sequence& sequence = sequences[which[r]];
    const auto start = static_cast<std::int64_t>(r * longest);
    std::copy(sequence.tokens.begin(), sequence.tokens.end(), tokens.begin() + start);
    last.push_back(start + static_cast<std::int64_t>(sequence.tokens.size()) - 1);
    for (std::size_t t = sequence.prompt_length; t < sequence.tokens.size(); ++t) {
      place.push_back(start + static_cast<std::int64_t>(t) - 1);
      target.push_back(sequence.tokens[t]);
      row.push_back(static_cast<std::int64_t>(r));
    }
  }
  return {.tokens = to_tensor(tokens, device).view({-1, columns}),
          .place = to_tensor(place, device),
          .target = to_tensor(target, device),
          .row = to_tensor(row, device),
          .last = to_tensor(last, device)};
}

torch::Tensor sum_of_log_probabilities(const torch::Tensor& logits, const PaddedBatch& batch) {
  const torch::Tensor log_probability = torch::log_softmax(logits, -1, torch::kFloat);
  const torch::Tensor of_target =
      log_probability.gather(1, batch.target.unsqueeze(1)).squeeze(1).to(torch::kDouble);
  return torch::zeros({batch.tokens.size(0)}, of_target.options())
      .index_add(0, batch.row, of_target);
}

Result<Runtime> runtime_of(const ModelOptions& options) {
  if (options.tokens_at_once == 0)
    return Error{ErrorCode::out_of_range, "0"}.in_field("tokens_at_once").expecting("at least 1");
  CANDOR_CHECK(check_threads(options.threads));
  Runtime runtime;
  runtime.tokens_at_once = options.tokens_at_once;
  CANDOR_TRY(runtime.device, device_of(options.device));
  CANDOR_TRY(runtime.precision, precision_of(options.precision, runtime.device));
  set_threads(options.threads);
  return runtime;
}

std::vector<TrainedParameter> trained_parameters(const torch::nn::Module& module,
                                                 const std::string& prefix) {
  std::vector<TrainedParameter> trained;
  for (const auto& item : module.named_parameters())
    if (item.value().requires_grad())
      trained.push_back({.name = prefix + item.key(),
                         .value = item.value(),
                         .first_moment = {},
                         .second_moment = {}});
  return trained;
}

TorchScorer::TorchScorer(ScoredNetwork scored)
    : scored_(std::move(scored)), optimiser_(scored_.trained) {}

Status TorchScorer::check(std::span<const Sequence> sequences) const {
  const checkpoint::ModelConfig& config = scored_.network->config();
  for (std::size_t i = 0; i < sequences.size(); ++i)
    CANDOR_CHECK(check_sequence(sequences[i], i, config.vocabulary, config.context));
  return {};
}

Status TorchScorer::check_trained() const {
  if (!optimiser_.parameters().empty()) return {};
  return Error{ErrorCode::unsupported, "a frozen copy"}
      .expecting("a model that is trained")
      .way("train the model that it is a copy of");
}

Result<std::vector<double>> TorchScorer::run(std::span<const Sequence> sequences, bool keep) {
  CANDOR_CHECK(check(sequences));
  pending_.clear();
  std::vector<std::size_t> lengths;
  for (const Sequence& sequence : sequences) lengths.push_back(sequence.tokens.size());
  std::vector<double> scores(sequences.size());
  const torch::AutoGradMode gradients(keep);
  const MixedPrecisionGuard precision(scored_.runtime.precision, scored_.runtime.device);
  const torch::Device device = scored_.network->options().device();
  for (std::vector<std::size_t>& rows : micro_batches(lengths, scored_.runtime.tokens_at_once)) {
    torch::Tensor score = scored_.score(pad(sequences, rows, device));
    const torch::Tensor values = score.detach().to(torch::kCPU).contiguous();
    for (std::size_t r = 0; r < rows.size(); ++r) scores[rows[r]] = values.data_ptr<double>()[r];
    if (keep) pending_.push_back({.rows = std::move(rows), .score = std::move(score)});
  }
  pending_rows_ = keep ? sequences.size() : 0;
  return scores;
}

Result<std::vector<double>> TorchScorer::scores(std::span<const Sequence> sequences) {
  return without_exceptions([&] { return run(sequences, false); });
}

Result<std::vector<double>> TorchScorer::forward(std::span<const Sequence> sequences) {
  CANDOR_CHECK(check_trained());
  return without_exceptions([&] { return run(sequences, true); });
}

Status TorchScorer::backward(std::span<const double> derivative) {
  CANDOR_CHECK(check_trained());
  const std::vector<Pending> pending = std::exchange(pending_, {});
  if (derivative.size() != std::exchange(pending_rows_, 0))
    return Error{ErrorCode::invalid_argument, std::to_string(derivative.size()) + " derivatives"}
        .expecting("one for each sequence of the last forward, once");
  for (std::size_t i = 0; i < derivative.size(); ++i)
    if (!std::isfinite(derivative[i]))
      return Error{ErrorCode::out_of_range, number_text(derivative[i])}
          .in_field("derivative " + std::to_string(i))
          .expecting("a finite number");
  return without_exceptions([&]() -> Status {
    for (const Pending& batch : pending) {
      std::vector<double> mine;
      for (const std::size_t row : batch.rows) mine.push_back(derivative[row]);
      if (batch.score.requires_grad())
        batch.score.backward(torch::tensor(mine, torch::kDouble).to(batch.score.device()));
    }
    return {};
  });
}

Result<policy::StepReport> TorchScorer::step(const policy::StepOptions& options) {
  CANDOR_CHECK(check_trained());
  return without_exceptions([&] { return optimiser_.step(options); });
}

Status TorchScorer::set_reducer(std::shared_ptr<GradientReducer> reducer) {
  CANDOR_CHECK(check_trained());
  optimiser_.set_reducer(std::move(reducer));
  return {};
}

Status TorchScorer::save_state(const std::string& folder) const {
  CANDOR_CHECK(check_trained());
  return without_exceptions([&]() -> Status {
    TrainingState state{.steps = optimiser_.steps(),
                        .frozen_fingerprint = fingerprint_of_frozen(*scored_.network),
                        .tensors = {}};
    for (const TrainedParameter& parameter : optimiser_.parameters()) {
      state.tensors.push_back(stored(parameter.name, parameter.value));
      if (!parameter.first_moment.defined()) continue;
      state.tensors.push_back(stored(first_moment_prefix + parameter.name, parameter.first_moment));
      state.tensors.push_back(
          stored(second_moment_prefix + parameter.name, parameter.second_moment));
    }
    return write_training_state(folder, state);
  });
}

Status TorchScorer::load_state(const std::string& folder) {
  CANDOR_CHECK(check_trained());
  return without_exceptions([&]() -> Status {
    CANDOR_TRY(TrainingState state, read_training_state(folder));
    if (state.frozen_fingerprint != fingerprint_of_frozen(*scored_.network))
      return of_another_model(folder, "a state on another base model",
                              "the base model it was saved with");
    StoredTensors tensors(folder, std::move(state.tensors));
    std::vector<TrainedParameter> parameters;
    for (const TrainedParameter& mine : optimiser_.parameters()) {
      CANDOR_TRY(TrainedParameter theirs, take_parameter(tensors, mine));
      parameters.push_back(std::move(theirs));
    }
    if (tensors.size() != 0)
      return of_another_model(folder, std::to_string(tensors.size()) + " tensors too many",
                              "the tensors of this model");
    pending_.clear();
    optimiser_.restore(std::move(parameters), state.steps);
    return {};
  });
}

Status set_gradient_reducer(policy::Scorer& scorer, std::shared_ptr<GradientReducer> reducer) {
  auto* ours = dynamic_cast<TrainedByTorch*>(&scorer);
  if (ours != nullptr) return ours->scorer().set_reducer(std::move(reducer));
  return Error{ErrorCode::unsupported, "a scorer that is not trained by LibTorch"}.expecting(
      "a policy or reward model of this library");
}

}  // namespace candor::lm
