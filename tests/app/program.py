"""What the scripts of this folder share: each is called as SCRIPT PROGRAM [--long]."""
import os
import resource
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(sys.argv[1]).resolve()
LONG = "--long" in sys.argv
SOURCE = Path(__file__).resolve().parents[2]
SCENARIOS = SOURCE / "scenarios"
FOMC = SCENARIOS / "2024-12-17-fomc-eve.toml"  # has an event, a history, two layers with rules, claims
TARIFF = SCENARIOS / "2025-04-03-tariff-week.toml"
PLAIN = ["--set", "sampling.method=\"plain\""]  # every path counts 1, and there are as many as are asked for


def run(*arguments, code=0, cwd=None, timeout=600):
    """Runs the program; fails unless it ends with `code`, within so many seconds."""
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, cwd=cwd, errors="replace",
                          timeout=timeout)
    assert done.returncode == code, f"{arguments}\nexit {done.returncode}, not {code}\n{done.stdout[-2000:]}{done.stderr}"
    return done


def processor_seconds(action):
    """What `action` returns, and the processor time of the programs that it ran."""
    def used():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime
    start = used()
    return action(), used() - start


def require(*modules):
    """Ends the test as skipped where a Python module is missing."""
    for module in modules:
        try:
            __import__(module)
        except ImportError:
            print(f"skipped: no Python module {module}")
            sys.exit(77)


def files_in(folder):
    return sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*"))
