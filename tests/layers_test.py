#!/usr/bin/python3
"""scripts/layers finds planted breaches, each alone, and is silent about what is allowed."""
import subprocess
import tempfile
from pathlib import Path

LAYERS = Path(__file__).resolve().parents[1] / "scripts" / "layers"

BREACHES = [
    ("src/math/x.cpp", '#include "volstorm/risk/tail.h"', "math may not use risk"),
    ("include/volstorm/core/x.h", '#include "volstorm/math/black.h"', "core may not use math"),
    ("include/volstorm/core/x.h", "#include <volstorm/math/black.h>", "core may not use math"),
    ("tests/signal/x_test.cpp", '  #  include "volstorm/io/digest.h"', "signal may not use io"),
    ("tests/signal/x_test.cpp", '#include "risk/samples.h"', "signal may not use risk"),
    ("src/risk/x.cpp", '#include "volstorm/riks/tail.h"', "there is no module riks"),
    ("src/risk/x.cpp", '#include "../io/private.h"', "goes up a folder"),
    ("src/engine/simulate.cpp", "#include <tbb/parallel_for.h>", "only in src/engine/executor.cpp"),
    ("src/engine/simulate.cpp", "#include <hdf5.h>", "only in src/io/h5*"),
    ("src/core/table.cpp", "#include <toml++/toml.h>", "only in src/core/toml_door.cpp"),
    ("src/risk/x.cpp", "#include <CLI/CLI.hpp>", "only in src/app/*"),
    ("src/io/x.cpp", "#include <xxhash.h>", "only in src/io/digest.cpp"),
    ("src/io/x.cpp", "#include <nlohmann/json.hpp>", "only in src/report/*"),
    ("src/risk/x.cpp", "#include <boost/math/distributions/beta.hpp>", "only in include/volstorm/math/*"),
    ("src/risk/x.cpp", "#include <Eigen/Dense>", "only in src/calibration/*"),
    ("src/risk/x.cpp", "#include <armadillo/vec.h>", "give it a door"),
]
ALLOWED = [
    ("src/risk/x.cpp", '#include "volstorm/core/units.h"'),
    ("src/risk/x.cpp", '#include "volstorm/risk/tail.h"'),
    ("src/risk/x.cpp", '#include "private.h"'),
    ("src/io/h5_handle.h", "#include <hdf5.h>"),
    ("src/io/x.cpp", "#include <sys/stat.h>"),
    ("tests/risk/x_test.cpp", "#include <boost/math/distributions/beta.hpp>"),
    ("tests/bench/x.cpp", '#include "volstorm/app/main.h"'),
    ("src/risk/x.cpp", '// #include "volstorm/app/main.h"'),
]


def check(path, line):
    with tempfile.TemporaryDirectory() as root:
        for folder in ("src", "include", "tests"):
            (Path(root) / folder).mkdir()
        file = Path(root) / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"#pragma once\n{line}\n", encoding="utf-8")
        done = subprocess.run([LAYERS, root], capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr


for path, line, message in BREACHES:
    code, output = check(path, line)
    assert code == 1 and f"{path}:2: " in output and message in output, (path, line, code, output)
for path, line in ALLOWED:
    code, output = check(path, line)
    assert code == 0, (path, line, output)
print(f"{len(BREACHES)} planted breaches found, {len(ALLOWED)} allowed lines passed")
