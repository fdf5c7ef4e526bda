# The path kernel compiled for several instruction sets: tests/bench/check_builds compares their bits and their speed.
if(NOT CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    return()
endif()

set(kernel_sources engine/path_kernel engine/random_words engine/strata engine/strata_list engine/sample_layout math/sobol)
list(TRANSFORM kernel_sources PREPEND ${PROJECT_SOURCE_DIR}/src/)
list(TRANSFORM kernel_sources APPEND .cpp)

# kernel_probe(name options...)
function(kernel_probe name)
    add_executable(kernel_probe_${name} ${PROJECT_SOURCE_DIR}/tests/bench/kernel_probe.cpp ${kernel_sources})
    target_include_directories(kernel_probe_${name} PRIVATE ${PROJECT_SOURCE_DIR}/include)
    target_link_libraries(kernel_probe_${name} PRIVATE volstorm_options fmt::fmt Boost::headers)
    target_compile_options(kernel_probe_${name} PRIVATE ${ARGN})
    set_target_properties(kernel_probe_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/probes)
endfunction()

kernel_probe(shipped)  # as the library has it
kernel_probe(v1 -UVOLSTORM_TARGET_CLONES -march=x86-64)
kernel_probe(v3 -UVOLSTORM_TARGET_CLONES -march=x86-64-v3)
kernel_probe(v4 -UVOLSTORM_TARGET_CLONES -march=x86-64-v4)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")  # clang vectorises the marked loops all the same
    kernel_probe(scalar -UVOLSTORM_TARGET_CLONES -march=x86-64 -fno-tree-vectorize)
endif()

string(TOUPPER "${CMAKE_BUILD_TYPE}" build_type)
separate_arguments(kernel_options UNIX_COMMAND "-std=c++20 ${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${build_type}}")
list(APPEND kernel_options -I${PROJECT_SOURCE_DIR}/include
     $<TARGET_PROPERTY:volstorm_options,INTERFACE_COMPILE_OPTIONS>)

# The same by clang 19, where it is there.
find_program(CLANG19 clang++-19)
if(CLANG19 AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT VOLSTORM_SANITIZE)
    set(probe ${PROJECT_SOURCE_DIR}/tests/bench/kernel_probe.cpp)
    foreach(name shipped v1 v3 v4)
        set(target -march=x86-64-${name})
        string(REPLACE "x86-64-v1" "x86-64" target ${target})
        if(name STREQUAL "shipped")
            set(target -DVOLSTORM_TARGET_CLONES=1)
        endif()
        set(output ${PROJECT_BINARY_DIR}/probes/kernel_probe_clang19_${name})
        add_custom_command(OUTPUT ${output} DEPENDS ${probe} ${kernel_sources} VERBATIM COMMAND_EXPAND_LISTS
            COMMAND ${CLANG19} ${kernel_options} -MD -MF ${output}.d ${target} ${probe} ${kernel_sources} -lfmt -o ${output}
            DEPFILE ${output}.d)
        list(APPEND clang_probes ${output})
    endforeach()
    add_custom_target(kernel_probes_clang ALL DEPENDS ${clang_probes})
endif()

# How check_builds asks g++ which loops it has vectorised: a word a line, compiler first.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/probes/compile
         CONTENT "${CMAKE_CXX_COMPILER}\n$<JOIN:${kernel_options},\n>\n")
endif()

add_test(NAME "kernel: same bits at every instruction set"
         COMMAND ${PROJECT_SOURCE_DIR}/tests/bench/check_builds ${PROJECT_BINARY_DIR}/probes)
