# Sourced by the scripts: the repository's folder, and phases that are quiet unless they fail.
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
logs=$root/build/log

# phase NAME COMMAND...: one line with the seconds; the output goes to build/log/NAME.log. When the command fails, what
# matters of the log is shown and the script ends with 1. A function as COMMAND runs without `set -e`: join with &&.
phase() {
    local name=$1 log start=$SECONDS
    log=$logs/${name// /_}.log
    shift
    mkdir -p "$logs"
    printf '%-28s' "$name"
    if "$@" >"$log" 2>&1; then
        printf '%5d s\n' $((SECONDS - start))
        return
    fi
    printf '%5d s  FAILED\n' $((SECONDS - start))
    grep -vE '^ *Start +[0-9]+:|^ *[0-9]+/[0-9]+ Test .* Passed ' "$log" | tail -n 150 >&2 || true
    echo "$0: \"$name\" failed; all of its output is in $log" >&2
    exit 1
}

# ctest_summary NAME: the closing line of the ctest run of that phase.
ctest_summary() { grep -E '^[0-9]+% tests passed' "$logs/${1// /_}.log"; }

release_build() { cmake --preset release && cmake --build --preset release "$@"; }

# test_in PRESET [arguments of ctest...]
test_in() { ctest --preset "$1" --parallel "$(nproc)" --timeout 600 --no-tests=error "${@:2}"; }
