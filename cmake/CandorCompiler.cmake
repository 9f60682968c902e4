# How every target is compiled: C++20, warnings are errors, and arithmetic that means what it says.
add_compile_definitions(CANDOR_VERSION="${PROJECT_VERSION}")
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

find_program(CANDOR_CCACHE ccache)
if(CANDOR_CCACHE)
  # Paths relative to the source tree, so that a fresh clone elsewhere finds what was compiled here.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}
                                  CCACHE_NOHASHDIR=1 ${CANDOR_CCACHE})
endif()

add_library(candor_compile_options INTERFACE)
target_compile_options(
  candor_compile_options
  INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
            # The same ledger must give the same bits in every build: no fused multiply-add, no
            # reassociation. -ffast-math is never acceptable here.
            -ffp-contract=off -fno-fast-math
            # g++ 12 warns of an overlap inside std::string's operator+ that is not there (GCC bug 105651).
            $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
            # clang sees libstdc++ 12's own use of a deprecated function inside std::stable_sort.
            $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>)

# CANDOR_SANITIZE: a comma list for -fsanitize, e.g. "address,undefined" or "thread".
set(CANDOR_SANITIZE "" CACHE STRING "Sanitizers to build with")
if(CANDOR_SANITIZE)
  target_compile_options(candor_compile_options INTERFACE -fsanitize=${CANDOR_SANITIZE}
                                                          -fno-omit-frame-pointer
                                                          -fno-sanitize-recover=all)
  target_link_options(candor_compile_options INTERFACE -fsanitize=${CANDOR_SANITIZE})
endif()
