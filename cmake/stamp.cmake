# Writes OUTPUT with the version and the git commit of SOURCE; touches it only when they change.
execute_process(COMMAND git -C ${SOURCE} describe --always --dirty --abbrev=12
                OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT commit)
    set(commit "unknown")
endif()
file(WRITE ${OUTPUT}.new "#pragma once
#define VOLSTORM_VERSION \"${VERSION}\"
#define VOLSTORM_GIT_COMMIT \"${commit}\"
#define VOLSTORM_BUILD_FLAGS \"${FLAGS}\"
")
execute_process(COMMAND ${CMAKE_COMMAND} -E copy_if_different ${OUTPUT}.new ${OUTPUT})
