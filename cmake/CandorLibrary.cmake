# candor_library(NAME base DEPENDS scoring LINK PkgA::a)
#   folder = namespace = target: src/NAME/*.cpp becomes candor_NAME (alias candor::NAME), and
#   src/NAME/*_test.cpp becomes the test program NAME_test. Drop a file into the folder; no list to edit.
#   DEPENDS: Candor libraries whose headers this one's headers include. LINK: outside libraries.
function(candor_library)
  cmake_parse_arguments(ARG "" "NAME" "DEPENDS;LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")

  add_library(candor_${ARG_NAME} STATIC ${sources})
  add_library(candor::${ARG_NAME} ALIAS candor_${ARG_NAME})
  target_include_directories(candor_${ARG_NAME} PUBLIC ${PROJECT_SOURCE_DIR}/include
                             PRIVATE ${PROJECT_SOURCE_DIR}/src)
  list(TRANSFORM ARG_DEPENDS PREPEND candor::)
  target_link_libraries(candor_${ARG_NAME} PUBLIC ${ARG_DEPENDS} ${ARG_LINK}
                        PRIVATE candor_compile_options)

  if(CANDOR_TESTS AND tests)
    add_executable(${ARG_NAME}_test ${tests})
    target_include_directories(${ARG_NAME}_test PRIVATE ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(${ARG_NAME}_test PRIVATE candor::${ARG_NAME} candor_compile_options
                                                   GTest::gtest_main)
    gtest_discover_tests(${ARG_NAME}_test TEST_PREFIX ${ARG_NAME}. DISCOVERY_TIMEOUT 60
                         WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  endif()
endfunction()
