# How a module, the program, the tests and the package are built.

add_library(volstorm_options INTERFACE)
target_compile_options(volstorm_options INTERFACE
    -ffp-contract=off       # one product, one rounding: the same bits on every instruction set and compiler
    -fno-math-errno -fno-trapping-math)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(volstorm_options INTERFACE -fno-semantic-interposition)
endif()
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    target_compile_options(volstorm_options INTERFACE -mprefer-vector-width=512)
endif()
if(VOLSTORM_WARNINGS)
    target_compile_options(volstorm_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
endif()
if(VOLSTORM_SANITIZE)
    target_compile_options(volstorm_options INTERFACE -fsanitize=${VOLSTORM_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(volstorm_options INTERFACE -fsanitize=${VOLSTORM_SANITIZE})
endif()
if(VOLSTORM_CLONES AND NOT VOLSTORM_SANITIZE MATCHES "thread")
    target_compile_definitions(volstorm_options INTERFACE VOLSTORM_TARGET_CLONES=1)
endif()

# volstorm_module(name [PUBLIC libraries...] [PRIVATE libraries...]): the library of src/<name>.
function(volstorm_module name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "PUBLIC;PRIVATE")
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cpp)
    get_property(left GLOBAL PROPERTY VOLSTORM_MODULES)
    if(sources)
        add_library(volstorm_${name} STATIC ${sources})
        set(scope PUBLIC)
        target_link_libraries(volstorm_${name} PRIVATE $<BUILD_INTERFACE:volstorm_options> ${arg_PRIVATE})
    else()
        add_library(volstorm_${name} INTERFACE)
        set(scope INTERFACE)
    endif()
    add_library(volstorm::${name} ALIAS volstorm_${name})
    set_target_properties(volstorm_${name} PROPERTIES EXPORT_NAME ${name})
    target_compile_features(volstorm_${name} ${scope} cxx_std_20)
    target_include_directories(volstorm_${name} ${scope}
        $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
    list(TRANSFORM left PREPEND volstorm_ OUTPUT_VARIABLE left_targets)
    list(REVERSE left_targets)
    target_link_libraries(volstorm_${name} ${scope} ${left_targets} ${arg_PUBLIC})
    set_property(GLOBAL APPEND PROPERTY VOLSTORM_MODULES ${name})
endfunction()

# volstorm_embed(module file variable header): <header>.in of the module with @variable@ replaced by the text of <file>.
function(volstorm_embed module file variable header)
    set(folder ${PROJECT_SOURCE_DIR}/src/${module})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${folder}/${file})
    file(READ ${folder}/${file} ${variable})
    configure_file(${folder}/${header}.in ${PROJECT_BINARY_DIR}/${module}/${header} @ONLY)
    target_include_directories(volstorm_${module} PRIVATE ${PROJECT_BINARY_DIR}/${module})
endfunction()

# volstorm_program(folder name ...): the executable <name> of src/<folder>.
function(volstorm_program folder name)
    cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "PRIVATE")
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${folder}/*.cpp)
    if(NOT sources)
        return()
    endif()
    get_property(modules GLOBAL PROPERTY VOLSTORM_MODULES)
    list(TRANSFORM modules PREPEND volstorm_ OUTPUT_VARIABLE libraries)
    list(REVERSE libraries)
    add_executable(${name} ${sources})
    target_link_libraries(${name} PRIVATE volstorm_options ${libraries} ${arg_PRIVATE})
    volstorm_build_stamp(${name})
    install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()

# What the program says of itself: version, git commit and compiler, refreshed at every build.
function(volstorm_build_stamp target)
    set(stamp ${PROJECT_BINARY_DIR}/stamp)
    string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
    add_custom_target(${target}_stamp
        COMMAND ${CMAKE_COMMAND} -DSOURCE=${PROJECT_SOURCE_DIR} -DOUTPUT=${stamp}/build_stamp.h
                -DVERSION=${PROJECT_VERSION} "-DFLAGS=${CMAKE_BUILD_TYPE} ${CMAKE_CXX_FLAGS}"
                -P ${PROJECT_SOURCE_DIR}/cmake/stamp.cmake
        BYPRODUCTS ${stamp}/build_stamp.h COMMENT "" VERBATIM)
    add_dependencies(${target} ${target}_stamp)
    target_include_directories(${target} PRIVATE ${stamp})
endfunction()

# One test program for each folder of tests/ that has tests.
function(volstorm_tests)
    get_property(modules GLOBAL PROPERTY VOLSTORM_MODULES)
    foreach(name IN LISTS modules)
        file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${name}/*_test.cpp)
        if(NOT sources)
            continue()
        endif()
        add_executable(${name}_tests ${sources})
        target_compile_options(${name}_tests PRIVATE -O1)  # tests are compiled more often than they run
        if(NOT DEFINED first_tests)
            set(first_tests ${name}_tests)
            target_precompile_headers(${name}_tests PRIVATE <catch2/catch.hpp>)
        else()
            target_precompile_headers(${name}_tests REUSE_FROM ${first_tests})
        endif()
        target_link_libraries(${name}_tests PRIVATE volstorm_options volstorm_${name} Catch2::Catch2WithMain)
        target_include_directories(${name}_tests PRIVATE ${PROJECT_SOURCE_DIR}/tests)
        target_compile_definitions(${name}_tests PRIVATE
            VOLSTORM_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/reference"
            VOLSTORM_SCENARIOS="${PROJECT_SOURCE_DIR}/scenarios")
        # A name with `;` or a lone bracket is cut up or swallows its neighbours: NoTests makes that a failure.
        catch_discover_tests(${name}_tests TEST_PREFIX "${name}: " EXTRA_ARGS --warn NoTests)
    endforeach()
    if(TARGET math_tests)
        target_link_libraries(math_tests PRIVATE Boost::headers)
    endif()
    include(${PROJECT_SOURCE_DIR}/tests/programs.cmake)
endfunction()

# Libraries, headers, program and shipped scenarios, for find_package(volstorm).
function(volstorm_install)
    include(CMakePackageConfigHelpers)
    get_property(modules GLOBAL PROPERTY VOLSTORM_MODULES)
    list(TRANSFORM modules PREPEND volstorm_ OUTPUT_VARIABLE libraries)
    install(TARGETS ${libraries} EXPORT volstormTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
    install(DIRECTORY include/volstorm DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
    install(DIRECTORY scenarios/ DESTINATION ${CMAKE_INSTALL_DATADIR}/volstorm/scenarios)
    set(package ${CMAKE_INSTALL_LIBDIR}/cmake/volstorm)
    install(EXPORT volstormTargets NAMESPACE volstorm:: DESTINATION ${package})
    configure_package_config_file(cmake/volstormConfig.cmake.in volstormConfig.cmake INSTALL_DESTINATION ${package})
    write_basic_package_version_file(volstormConfigVersion.cmake COMPATIBILITY SameMinorVersion)
    install(FILES ${PROJECT_BINARY_DIR}/volstormConfig.cmake ${PROJECT_BINARY_DIR}/volstormConfigVersion.cmake
            DESTINATION ${package})
endfunction()
