#include "candor/lm/device.h"

#include <gtest/gtest.h>

#include "lm/blas_name.h"

namespace candor::lm {
namespace {

TEST(Device, WorkedExample) {
  const Result<Device> cpu = device_of("cpu");
  ASSERT_TRUE(cpu.ok());
  EXPECT_EQ(*cpu, Device{});
  EXPECT_EQ(name_of(*cpu), "cpu");
  EXPECT_EQ(name_of(Device{.kind = Device::Kind::cuda, .index = 1}), "cuda:1");
}

TEST(Device, AutoIsCudaExactlyWhereThereIsOne) {
  const Result<Device> device = device_of("auto");
  ASSERT_TRUE(device.ok());
  const bool any = describe_machine().cuda_devices > 0;
  EXPECT_EQ(device->kind, any ? Device::Kind::cuda : Device::Kind::cpu);
}

TEST(Device, CudaThatIsNotThereSaysWhy) {
  const Result<Device> device = device_of("cuda:99");
  ASSERT_FALSE(device.ok());
  EXPECT_EQ(device.error().code, ErrorCode::unsupported);
  const std::string message = device.error().message();
  EXPECT_NE(message.find("cuda:99, but"), std::string::npos) << message;
  EXPECT_NE(message.find("CUDA"), std::string::npos) << message;
}

TEST(Device, OtherNamesAreRefused) {
  for (const char* name : {"gpu", "cuda:", "cuda:x", "cuda:-1", "cuda:1x", ""}) {
    const Result<Device> device = device_of(name);
    ASSERT_FALSE(device.ok()) << name;
    EXPECT_EQ(device.error().code, ErrorCode::invalid_argument) << name;
  }
}

TEST(Device, Bf16ExactlyWhereTheProcessorComputesIt) {
  EXPECT_EQ(*precision_of("f32", {}), Precision::f32);
  const Result<Precision> bf16 = precision_of("bf16", {});
  EXPECT_EQ(bf16.ok(), describe_machine().bf16);
  if (!bf16.ok()) {
    EXPECT_EQ(bf16.error().code, ErrorCode::unsupported);
  }
  EXPECT_EQ(precision_of("fp8", {}).error().code, ErrorCode::invalid_argument);
}

TEST(Device, ThreadsAreAsSetAndDescribed) {
  set_threads(1);
  EXPECT_EQ(describe_machine().threads, 1U);
  set_threads(0);
  EXPECT_GE(describe_machine().threads, 1U);
  const Machine machine = describe_machine();
  const std::string text = machine.text();
  EXPECT_NE(text.find(machine.libtorch), std::string::npos);
  EXPECT_NE(text.find(machine.blas), std::string::npos);
}

TEST(Device, MoreThreadsThanAMachineStartsAreRefused) {
  EXPECT_TRUE(check_threads(0).ok());
  EXPECT_TRUE(check_threads(1024).ok());
  for (const std::size_t threads : {std::size_t{1025}, std::size_t{3'000'000'000}}) {
    const Status status = check_threads(threads);
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code, ErrorCode::out_of_range);
    EXPECT_EQ(status.error().field, "threads");
    EXPECT_EQ(status.error().found, std::to_string(threads));
  }
}

TEST(Device, ASlowBlasSaysWhatToInstall) {
  const Machine machine{
      .libtorch = "1.13.1", .blas = "reference BLAS", .slow_blas = true, .processor = "AVX2"};
  EXPECT_NE(machine.text().find("install libopenblas0-openmp"), std::string::npos);
}

TEST(BlasName, ByTheFileThatSgemmComesFrom) {
  EXPECT_TRUE(blas_of("", "/usr/lib/x86_64-linux-gnu/blas/libblas.so.3.11.0", "").slow);
  const Blas open = blas_of("", "/usr/lib/openblas-openmp/libblas.so.3",
                            "OpenBLAS 0.3.21 NO_AFFINITY USE_OPENMP SkylakeX MAX_THREADS=64");
  EXPECT_EQ(open.name, "OpenBLAS 0.3.21 (OpenMP)");
  EXPECT_FALSE(open.slow);
  EXPECT_EQ(blas_of("", "/usr/lib/openblas-pthread/libblas.so.3", "OpenBLAS 0.3.21 SkylakeX").name,
            "OpenBLAS 0.3.21 (own threads: slower in training)");
  EXPECT_EQ(blas_of("Build settings: BLAS_INFO=mkl, X", "", "").name, "MKL");
}

TEST(BlasName, ProcessorFromTheConfig) {
  EXPECT_EQ(processor_of("a\n  - CPU capability usage: AVX512\n  - b"), "AVX512");
  EXPECT_EQ(processor_of("nothing"), "unknown");
}

}  // namespace
}  // namespace candor::lm
