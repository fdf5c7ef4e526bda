#!/usr/bin/python3
"""Wrong scenarios and wrong command lines: each ends with its exit code and says where it is wrong, within a second of
processor time, and leaves no file behind."""
import os
import re
import tempfile
from pathlib import Path

from program import PROGRAM, SCENARIOS, files_in, processor_seconds, run

BASE = f"""title = "base"
[market]
time = 2025-06-17T15:45:00
spx = 6000.0
vix = 20.0
rate = 0.04
[model]
file = "{SCENARIOS}/models/default.toml"
[[event]]
name = "FOMC"
time = 2025-06-18T14:00:00
spx_move_sd = 0.0075
[condor]
expiry = 2025-06-18
short_delta = 0.15
wing_width = 25.0
[[layer]]
name = "first"
instrument = {{ type = "vix_call", days = 30, delta = 0.50 }}
size = {{ budget = 0.125, of = "max_risk" }}
open = "vix > 25"
[sampling]
paths = 1000
[[claim]]
text = "it holds"
given = "true"
expect = "total_return > -0.5"
"""

# What is replaced in the base, by what, and what the message must say. The place must be the first line that differs.
WRONG = [
    ("short_delta = 0.15", "short_detla = 0.15", "short_delta"),
    ("short_delta = 0.15", "short_delta = 0.15\ncontrcts = 2", "did you mean contracts?"),
    ("[condor]", "[condr]", "condor"),
    ("vix = 20.0", "vixx = 20.0", "market.vixx is not a setting here (did you mean vix?)"),
    ("spx = 6000.0", "spxx = 6000.0", "market.spxx is not a setting here (did you mean spx?)"),
    ("days = 30", "dayz = 30", "instrument.dayz is not a setting here (did you mean days?)"),
    ("given = \"true\"", "givn = \"true\"", "claim.0.givn is not a setting here (did you mean given?)"),
    ("short_delta = 0.15", "short_sdd = 1.2", "condor.short_sdd is not a setting here (did you mean short_sd?)"),
    ("file = ", "fiel = ", "model.fiel is not a setting here (did you mean file?)"),
    ("[market]", "[markt]", "markt is not a setting here (did you mean market?)"),
    ("rate = 0.04", "rate = 0.04\nvariance = 0.01\nvariance_maen = 0.01", "did you mean variance_mean?"),
    ("\"vix > 25\"", "\"short_delta > 0.3\"", "short_delta is not there yet"),
    ("total_return > -0.5", "net_delta > 0", "net_delta is not there yet"),
    ("vix = 20.0", "vix = \"20\"", "number"),
    ("vix = 20.0", "vix = true", "number"),
    ("vix = 20.0", "vix = nan", "nan"),
    ("spx = 6000.0", "spx = inf", "spx"),
    ("vix = 20.0", "vix = 0.2", "[5, 200]"),
    ("spx = 6000.0", "spx = -6000.0", "spx"),
    ("rate = 0.04", "rate = 4.0", "0.25"),
    ("rate = 0.04", "rate = 0.04\nrate = 0.05", "rate"),
    ("vix = 20.0", "vix = 2O.0", "TOML"),
    ("vix = 20.0", "vix == 20.0", "="),
    ("rate = 0.04", "rate = 0.04\nhistory = \"no_such.csv\"", "no such file"),
    ("rate = 0.04", "rate = 0.04\nvariance = 0.01", "variance_mean"),
    ("time = 2025-06-17T15:45:00", "time = 2025-06-19T15:45:00", "2025-06-19"),
    ("time = 2025-06-17T15:45:00", "time = 2025-06-17T16:45:00", "16:45"),
    ("time = 2025-06-17T15:45:00", "time = 2025-06-31T15:45:00", ""),
    ("time = 2025-06-17T15:45:00", "time = \"2025-06-17T15:45:00\"", "time"),
    ("expiry = 2025-06-18", "expiry = 2025-06-19", "no trading session"),
    ("expiry = 2025-06-18", "expiry = 2025-06-21", "no trading session"),
    ("expiry = 2025-06-18", "expiry = 2025-06-16", "not after market.time"),
    ("expiry = 2025-06-18", "expiry = 2025-12-18", "more than 10 sessions"),
    ("expiry = 2025-06-18", "expiry = 2025-13-01", "month"),
    ("expiry = 2025-06-18", "expiry = 2025-06-18T16:00:00", "expected a date such as"),
    ("expiry = 2025-06-18", "expiry = \"tomorrow\"", "expected a date such as"),
    ("short_delta = 0.15", "short_delta = [0.15]", "an array"),
    ("short_delta = 0.15", "short_delta = 0.5", "(0, 0.5)"),
    ("wing_width = 25.0", "wing_width = 23.0", "multiple of the strike grid"),
    ("wing_width = 25.0", "wing_width = 25.0\nwing_delta = 0.05", "excludes condor.wing_width"),
    ("short_delta = 0.15\nwing_width = 25.0", "strikes = [5900.0, 5875.0, 6100.0, 6125.0]", "four rising strikes"),
    ("short_delta = 0.15\nwing_width = 25.0", "strikes = [5877.0, 5900.0, 6100.0, 6125.0]", "the nearest is 5875"),
    ("short_delta = 0.15\nwing_width = 25.0", "strikes = [5875.0, 5900.0, 6100.0]", "four rising strikes"),
    ("short_delta = 0.15\nwing_width = 25.0", "strikes = [5875.0, nan, 6100.0, 6125.0]", "nan"),
    ("spx_move_sd = 0.0075", "spx_move_sd = 0.75", "[0, 0.2]"),
    ("spx_move_sd = 0.0075", "spx_move_sd = 0.0075\nvariance_drop = 1.0", "[0, 1)"),
    ("time = 2025-06-18T14:00:00", "time = 2035-06-18T14:00:00", "calendar"),
    ("\"vix_call\"", "\"vix_cal\"", "did you mean vix_call?"),
    ("instrument = { type = \"vix_call\", days = 30, delta = 0.50 }", "instrument = \"vix_call\"", "expected a table"),
    ("delta = 0.50", "delta = -0.50", "(0, 1)"),
    ("budget = 0.125", "budget = 1.0, contracts = 2", "excludes contracts"),
    ("days = 30", "days = 0", "[1, 400]"),
    ("days = 30", "expiry = 2025-06-18", "must outlive the horizon"),
    ("of = \"max_risk\"", "of = \"equity\"", "equity"),
    ("of = \"max_risk\"", "of = \"max risk\"", "did you mean max_risk?"),
    ("name = \"first\"", "name = \"costs\"", "something else"),
    ("\"vix > 25\"", "\"vix > \"", "open"),
    ("\"vix > 25\"", "\"vix\"", "open"),
    ("\"vix > 25\"", "\"vxi > 25\"", "did you mean vix?"),
    ("\"vix > 25\"", "\"vix = 25\"", "=="),
    ("\"vix > 25\"", "\"20 < vix < 25\"", "chain"),
    ("\"vix > 25\"", "\"vix > 25 for 0 bars\"", "[1, 1000]"),
    ("\"vix > 25\"", "\"macd(spx, 26, 12, 9) > 0\"", "not below slow"),
    ("\"vix > 25\"", "25", "text in quotes"),
    ("\"vix > 25\"", "\"rsi(vix, 1) > 60\"", "[2, 250]"),
    ("\"vix > 25\"", "\"rsi(vix, 14) > 60\"", "histor"),
    ("\"vix > 25\"", "\"event(CPI)\"", "FOMC"),
    ("\"vix > 25\"", "\"" + "(" * 5000 + "vix > 25" + ")" * 5000 + "\"", "open"),
    ("paths = 1000", "paths = 0", "[1, "),
    ("paths = 1000", "paths = 1000000000000000", "[1, 1000000000000]"),
    ("paths = 1000", "paths = 1e15", "[1, 1000000000000]"),
    ("paths = 1000", "paths = 99999999999999999999", "64 bits"),
    ("paths = 1000", "paths = -5", "[1, "),
    ("paths = 1000", "paths = 1000\nseed = -1", "at least 0"),
    ("paths = 1000", "paths = 1000.5", "whole"),
    ("paths = 1000", "method = \"sobol\"", "plain"),
    ("paths = 1000", "paths = 1000\nbars = 77", "78"),
    ("total_return > -0.5", "totl_return > -0.5", "did you mean total_return?"),
    ("total_return > -0.5", "total_return", "expect"),
    ("given = \"true\"", "given = \"rsi(vix, 14) > 60\"", "rsi is not a word here"),
    ("expect = \"total_return > -0.5\"", "expect = \"total_return > -0.5\"\nshare = 1.5", "(0, 1)"),
    ("title = \"base\"", "title = 5", "text"),
    ("title = \"base\"", "title = \"base\"\nextends = \"no_such.toml\"", "no_such.toml"),
    ("title = \"base\"", "title = \"base\"\nextends = \"wrong.toml\"", "circle"),
    ("title = \"base\"", "title = \"base", "no end"),
    ("title = \"base\"", "title = \"a\u0000b\"", "0x00"),
    ("title = \"base\"", "title = \"a\u001b[31mb\"", "0x1B"),
    ("title = \"base\"", "title = \"a\u0007b\"", ""),
    ("title = \"base\"", "a = " + "[" * 5000 + "]" * 5000, "more than 16 brackets"),
    ("title = \"base\"", "a" + ".a" * 100_000 + " = 1", ""),
    ("[sampling]", "[stress]\n[sampling]", "stress"),
    ("[sampling]", "[realised]\nspx = -1.0\nvix = 20.0\n[sampling]", "above 0"),
    ("[model]", "[model]\npricing.kappa_v = 0.0", "explodes"),
    ("[condor]", "[market]", "market"),
    ("[sampling]", "[costs]\nnone = true\nvix_option_fee = 1.0\n[sampling]", "none"),
    ("models/default.toml", "models/defualt.toml", "defualt.toml"),
]


def places(text):
    """Lines at which a fault may be shown: the lines that differ from the base, and the head of their section."""
    lines, base = text.splitlines(), BASE.splitlines()
    first = next((i for i, (line, old) in enumerate(zip(lines, base)) if line != old), len(base))
    last = first + max(len(lines) - len(base), 0)
    head = next((i for i in range(first, 0, -1) if lines[i].startswith("[")), 0)
    return [head + 1, *range(first + 1, last + 2)]


def refused(arguments, folder, pattern, words, code=2):
    before = files_in(folder)
    done, seconds = processor_seconds(lambda: run(*arguments, code=code, cwd=folder))
    message = done.stderr.strip()
    assert re.match(pattern, message), f"{arguments}: no {pattern!r} in\n{message[:500]}"
    assert words.lower() in message.lower(), f"{arguments}: no {words!r} in\n{message[:500]}"
    assert "internal error" not in message and len(message) < 4000, message[:4000]
    assert not [c for c in message if ord(c) < 32 and c != "\n"], "control characters in the message"
    assert seconds < 1.0, f"{arguments}: {seconds:.1f} s"
    assert files_in(folder) == before, f"{arguments} leaves {files_in(folder)}"


def check_texts(folder):
    file = folder / "wrong.toml"
    for old, new, words in WRONG:
        assert BASE.count(old) == 1, old
        text = BASE.replace(old, new)
        file.write_text(text)
        place = rf"wrong\.toml:({'|'.join(map(str, places(text)))}):\d+: "
        refused(["check", "wrong.toml"], folder, place, words)
        refused(["run", "wrong.toml", "-o", "result.h5", "-q"], folder, place, words)
    file.unlink()


def check_files(folder):
    refused(["run", "missing.toml"], folder, r"missing\.toml: ", "")
    (folder / "a.toml").write_text("extends = \"b.toml\"\n")
    (folder / "b.toml").write_text("extends = \"a.toml\"\n")
    refused(["run", "a.toml"], folder, r"[ab]\.toml:1:\d+: ", "extends")
    (folder / "bytes.toml").write_bytes(b"title = \"x\"\n\xff\xfe = 1\n")
    refused(["check", "bytes.toml"], folder, r"bytes\.toml:2:1: ", "")
    (folder / "empty.toml").write_text("")
    refused(["check", "empty.toml"], folder, r"empty\.toml:1:1: ", "market")
    (folder / "large.toml").write_text("# " + "x" * 2_000_000 + "\n")
    refused(["check", "large.toml"], folder, r"large\.toml: |large\.toml:1:1: ", "")
    # A history is wrong in its own file.
    (folder / "history.toml").write_text(BASE.replace("rate = 0.04", "rate = 0.04\nhistory = \"closes.csv\""))
    for second, place in (("2025-06-16,none,19.11", r"closes\.csv:3:12: "), ("2025-06-13,5980.0,19.11", r"closes\.csv:3:1: "),
                          ("2025-06-16,5980.0,nan", r"closes\.csv:3:\d+: "), ("2025-06-16,5980.0", r"closes\.csv:3:\d+: ")):
        (folder / "closes.csv").write_text(f"date,spx,vix\n2025-06-13,5976.97,20.82\n{second}\n")
        refused(["run", "history.toml", "-o", "result.h5", "-q"], folder, place, "")
    refused(["check", "."], folder, r"\.: |\.:", "")


def check_command_lines(folder):
    (folder / "good.toml").write_text(BASE)
    good = ["check", "good.toml"]
    refused(["rnu"], folder, "volstorm: no command 'rnu'", "did you mean run?")
    refused(good + ["--set", "condor.short_detla=0.1"], folder, "", "short_delta")
    refused(good + ["--set", "condor.short_delta"], folder, "", "--set")
    refused(good + ["--set", "condor.short_delta=="], folder, "", "--set")
    refused(good + ["--set", "layer.third.size.budget=1"], folder, "", "third")
    refused(good + ["--nonsense"], folder, "", "nonsense")
    refused(good + ["--path", "1000"], folder, "volstorm: ", "has no option --path (did you mean --paths?)")
    refused(good + ["--set", "sampling.paths=-4", "--paths", "100"], folder, "--set sampling.paths=-4: ", "outside [1, ")
    refused(good + ["--set", "sampling.seed=abc", "--seed", "3"], folder, "--set sampling.seed=abc: ", "is a string")
    refused(["run", "good.toml", "--paths", "many"], folder, "", "paths")
    refused(["run", "good.toml", "--paths", "1000000000000", "-o", "r.h5"], folder, r"good\.toml: ", "GB")
    refused(good + ["--set", "condor.expiry=2024-02-30"], folder, "--set condor.expiry=2024-02-30: ", "day between 1 and 29")
    refused(good + ["--set", "sampling.seed=18446744073709551616"], folder, "--set sampling.seed=", "64 bits")
    refused(good + ["--set", "condor.short_detla="], folder, "--set condor.short_detla=: ", "did you mean short_delta?")
    refused(good + ["--set", "condor.short_delta="], folder, r"good\.toml:\d+:1: condor needs one of short_delta, ", "")
    refused(["list", "signal"], folder, "", "signals")
    # A layer without strikes on the way: shown by the prices only, still before any path.
    refused(["run", "good.toml", "--set", "market.vix=5", "--set", "event.0.spx_move_sd=0.05"], folder, "", "FOMC")


def check_results(folder):
    run("run", "good.toml", "-o", "result.h5", "-q", cwd=folder)
    whole = (folder / "result.h5").read_bytes()
    damaged = bytearray(whole)
    at = whole.index(b"total_return")  # in the stored scenario
    damaged[at] ^= 1
    (folder / "damaged.h5").write_bytes(damaged)
    refused(["replay", "damaged.h5"], folder, "", "damaged.h5", code=4)
    (folder / "short.h5").write_bytes(whole[:len(whole) // 2])
    refused(["replay", "short.h5"], folder, "", "short.h5", code=4)
    (folder / "text.h5").write_text("this is no HDF5 file\n" * 100)
    refused(["replay", "text.h5"], folder, "", "text.h5", code=4)
    refused(["replay", "none.h5"], folder, "", "none.h5", code=5)
    refused(["replay", "result.h5", "--path", "1000"], folder, "", "1,000 paths")
    refused(["replay", "result.h5", "--worst", "0"], folder, "", "worst")
    refused(["replay", "result.h5", "--worst", "1001"], folder, "", "worst")


def check_folders(folder):
    (folder / "plain").write_text("a file, not a folder\n")
    refused(["run", "good.toml", "-o", "plain/result.h5", "-q"], folder, "", "plain", code=5)
    refused(["run", "good.toml", "-o", "/proc/result.h5", "-q"], folder, "", "/proc", code=5)
    refused(["run", "good.toml", "-o", "/proc/none/result.h5", "-q"], folder, "", "/proc", code=5)
    if os.geteuid() != 0:  # root may write everywhere
        (folder / "closed").mkdir(mode=0o500)
        refused(["run", "good.toml", "-o", "closed/result.h5", "-q"], folder, "", "closed", code=5)


with tempfile.TemporaryDirectory() as name:
    for check in (check_texts, check_files, check_command_lines, check_results, check_folders):
        check(Path(name))
print(f"{len(WRONG)} wrong texts refused, twice each")
