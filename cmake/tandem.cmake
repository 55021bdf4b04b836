# SPDX-License-Identifier: Apache-2.0
# One folder is one target: each folder of lib/ and vrrpd/ calls tandem_folder() once. Its *.cpp become the static library. Its
# *_test.cpp become the unit test program NAME_test, which ctest runs.

find_package(PkgConfig REQUIRED)
find_package(fmt REQUIRED)
find_package(GTest REQUIRED)

add_library(tandem_options INTERFACE)
target_compile_options(tandem_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast -Wcast-align
    -Woverloaded-virtual -Wimplicit-fallthrough -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # False positives of g++ 12 in the standard library's own strings and optionals (GCC bugs 105329, 105562).
  target_compile_options(tandem_options INTERFACE -Wno-restrict -Wno-maybe-uninitialized)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL Clang)
  # libstdc++'s stable_sort uses functions that libstdc++ marks as deprecated.
  target_compile_options(tandem_options INTERFACE -Wno-deprecated-declarations)
endif()
target_include_directories(tandem_options INTERFACE ${PROJECT_SOURCE_DIR})
target_link_libraries(tandem_options INTERFACE fmt::fmt)
target_compile_definitions(tandem_options INTERFACE TANDEM_VERSION="${PROJECT_VERSION}")

set(TANDEM_SANITIZE "" CACHE STRING "address (with undefined behaviour), thread, or nothing")
if(TANDEM_SANITIZE STREQUAL address)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  if(CMAKE_CXX_COMPILER_ID STREQUAL Clang)
    set(TANDEM_FUZZERS ON)  # builds tests/fuzz; all code must count branches for the fuzzers
    add_compile_options(-fsanitize=fuzzer-no-link)
  endif()
  add_link_options(-fsanitize=address,undefined)
elseif(TANDEM_SANITIZE STREQUAL thread)
  add_compile_options(-fsanitize=thread -Wno-tsan)  # tsan does not support Asio's fences; they do not order its handlers
  add_link_options(-fsanitize=thread)
endif()

add_custom_target(unit_tests)  # the programs of the tests with the label unit

# tandem_folder(NAME [DEPENDS target...] [PRIVATE library...])
#   DEPENDS: targets of lower layers, visible in this folder's headers.
#   PRIVATE: external libraries, which must not appear in headers used outside the folder.
function(tandem_folder name)
  cmake_parse_arguments(arg "" "" "DEPENDS;PRIVATE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  add_library(${name} STATIC ${sources})
  target_link_libraries(${name} PUBLIC tandem_options ${arg_DEPENDS} PRIVATE ${arg_PRIVATE})
  if(tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE ${name} ${arg_PRIVATE} GTest::gmock GTest::gtest_main)
    target_compile_options(${name}_test PRIVATE -O0)  # they run once, and optimisation takes half of the compile time
    add_dependencies(unit_tests ${name}_test)
    add_test(NAME unit.${name} COMMAND ${name}_test)
    set_tests_properties(unit.${name} PROPERTIES LABELS unit TIMEOUT 60
        ENVIRONMENT "TANDEM_YANG_DIR=${PROJECT_SOURCE_DIR}/yang")
  endif()
endfunction()
