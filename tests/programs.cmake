# Tests that are not of one module: scripts, whole programs, and builds of the kernel.
include(${PROJECT_SOURCE_DIR}/tests/bench/probes.cmake)

add_test(NAME "layers" COMMAND ${PROJECT_SOURCE_DIR}/scripts/layers)
add_test(NAME "layers: planted breaches are found" COMMAND ${PROJECT_SOURCE_DIR}/tests/layers_test.py)
