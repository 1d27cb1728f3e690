# One folder of src/ is one room: one library, one test program.

add_library(janus_options INTERFACE)
# A designated initializer names what it sets; every other member has its default in the struct.
target_compile_options(janus_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wimplicit-fallthrough
  -Wno-missing-designated-field-initializers -Werror)
target_include_directories(janus_options INTERFACE ${CMAKE_SOURCE_DIR}/src)
if(JANUS_SANITIZE)
  target_compile_options(janus_options INTERFACE
    -fsanitize=${JANUS_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(janus_options INTERFACE -fsanitize=${JANUS_SANITIZE})
endif()

if(JANUS_TESTS)
  find_package(GTest REQUIRED)
  include(GoogleTest)
endif()

# janus_room(NAME [DEPS library...]) makes library janus_NAME from this folder's *.cpp and, from its
# *_test.cpp, the test program NAME_test. Sub-folders named in FOLDERS belong to the room as well.
function(janus_room name)
  cmake_parse_arguments(ROOM "" "" "DEPS;FOLDERS;TEST_DEPS" ${ARGN})
  set(patterns *.cpp)
  foreach(folder IN LISTS ROOM_FOLDERS)
    list(APPEND patterns ${folder}/*.cpp)
  endforeach()
  file(GLOB sources CONFIGURE_DEPENDS ${patterns})
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  if(sources)
    add_library(janus_${name} STATIC ${sources})
    target_link_libraries(janus_${name} PUBLIC janus_options fmt::fmt ${ROOM_DEPS})
  else()
    add_library(janus_${name} INTERFACE)
    target_link_libraries(janus_${name} INTERFACE janus_options fmt::fmt ${ROOM_DEPS})
  endif()
  if(tests AND JANUS_TESTS)
    janus_test(${name}_test ${tests} DEPS janus_${name} ${ROOM_TEST_DEPS})
  endif()
endfunction()

# janus_test(NAME source... DEPS library...) makes one GoogleTest program, run by ctest as one suite.
function(janus_test name)
  cmake_parse_arguments(TEST "" "" "DEPS" ${ARGN})
  add_executable(${name} ${TEST_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE janus_options ${TEST_DEPS} GTest::gtest GTest::gtest_main Threads::Threads)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 600)
endfunction()
