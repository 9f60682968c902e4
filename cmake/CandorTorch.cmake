# LibTorch behind one target, candor::torch: Debian's libtorch-dev, or any current release by
# -DCMAKE_PREFIX_PATH=/path/to/libtorch. Its own compiler flags stay out of the other folders, and its
# headers count as the system's, so that our warnings are about our code.
find_package(Torch REQUIRED)
message(STATUS "LibTorch ${Torch_VERSION}")
add_library(candor_torch INTERFACE)
add_library(candor::torch ALIAS candor_torch)
target_include_directories(candor_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
target_link_libraries(candor_torch INTERFACE ${TORCH_LIBRARIES})
