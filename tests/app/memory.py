#!/usr/bin/python3
"""A hedged run stays under 500 MB however many paths it has: 200,000 here, ten million with --long; and then also one of
ten sessions whose SPX puts, bought by rule, have eight expiries."""
import resource
import tempfile
import time
from pathlib import Path

from program import LONG, SCENARIOS, run

HEDGED = f"""[market]
time = 2025-06-17T15:45:00
spx = 6000.0
vix = 20.0
[model]
file = "{SCENARIOS}/models/default.toml"
[condor]
expiry = 2025-06-18
short_delta = 0.15
wing_width = 25.0
contracts = 10
[[layer]]
name = "first"
instrument = {{ type = "vix_call", days = 30, delta = 0.50 }}
size = {{ budget = 0.125, of = "max_risk" }}
[[layer]]
name = "second"
instrument = {{ type = "vix_call_spread", days = 30, delta = 0.40, width = 10.0 }}
size = {{ budget = 0.10, of = "max_risk" }}
"""

TEN_SESSIONS = f"""extends = "{SCENARIOS}/condor-only.toml"
[condor]
expiry = 2025-07-01
[[layer]]
name = "puts"
instrument = {{ type = "spx_put", days = 30, delta = 0.3 }}
size = {{ contracts = 1 }}
open = "spx_day_return < -0.005"
"""


def check(folder, scenario, paths):
    (folder / "hedged.toml").write_text(scenario)
    start = time.monotonic()
    done = run("run", "hedged.toml", "-o", "hedged.h5", "--paths", paths, cwd=folder)
    seconds = time.monotonic() - start
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    size = (folder / "hedged.h5").stat().st_size / 1e6
    print(f"{paths:,} paths: {seconds:.1f} s, {megabytes:.0f} MB of memory, {size:.0f} MB of file\n{done.stderr}")
    assert megabytes < 500


with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
    check(Path(name), HEDGED, 10_000_000 if LONG else 200_000)
    if LONG:
        check(Path(name), TEN_SESSIONS, 20_000)
