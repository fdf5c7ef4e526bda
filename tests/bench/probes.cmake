# The path kernel compiled for several instruction sets: tests/bench/check_builds compares their bits and their speed.
if(NOT CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    return()
endif()

# kernel_probe(name options...)
function(kernel_probe name)
    add_executable(kernel_probe_${name}
        ${PROJECT_SOURCE_DIR}/tests/bench/kernel_probe.cpp ${PROJECT_SOURCE_DIR}/src/engine/path_kernel.cpp
        ${PROJECT_SOURCE_DIR}/src/engine/random_words.cpp ${PROJECT_SOURCE_DIR}/src/engine/strata.cpp
        ${PROJECT_SOURCE_DIR}/src/engine/strata_list.cpp ${PROJECT_SOURCE_DIR}/src/engine/sample_layout.cpp
        ${PROJECT_SOURCE_DIR}/src/math/sobol.cpp)
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
add_test(NAME "kernel: same bits at every instruction set"
         COMMAND ${PROJECT_SOURCE_DIR}/tests/bench/check_builds ${PROJECT_BINARY_DIR}/probes)
