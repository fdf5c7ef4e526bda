# Tests that are not of one module: scripts, whole programs, and builds of the kernel.
include(${PROJECT_SOURCE_DIR}/tests/bench/probes.cmake)

add_test(NAME "layers" COMMAND ${PROJECT_SOURCE_DIR}/scripts/layers)
add_test(NAME "layers: planted breaches are found" COMMAND ${PROJECT_SOURCE_DIR}/tests/layers_test.py)

# The built program, by scripts that need Python 3 (h5py, numpy and xarray where they read results, else skipped).
if(TARGET volstorm)
    foreach(script wrong_scenarios replay determinism figures price_cases result_readme memory store until sampling
            robustness screen snapshot chains realism backtest calibrate_physical calibrate_quotes generators band)
        add_test(NAME "app: ${script}"
                 COMMAND /usr/bin/python3 ${PROJECT_SOURCE_DIR}/tests/app/${script}.py $<TARGET_FILE:volstorm>)
        set_tests_properties("app: ${script}" PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 900)
    endforeach()
    add_test(NAME "install" COMMAND ${PROJECT_SOURCE_DIR}/tests/install/run ${PROJECT_BINARY_DIR})
endif()
