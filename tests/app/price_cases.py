#!/usr/bin/python3
"""`price --json` gives the reference prices (tests/reference/pricing_cases.csv) within the tolerance that each states."""
import csv
import json
import tempfile
from pathlib import Path

from program import SOURCE, run

PARAMETERS = ("kappa_v", "sigma_v", "rho", "kappa_m", "theta_m", "sigma_m")
JUMP = {"l0": "intensity", "l1": "intensity_per_variance", "mu": "mean_log_jump", "s": "log_jump_sd",
        "rho_j": "variance_jump_slope", "nu": "mean_variance_jump"}


def price_type(case):
    return "vix" if case["instrument"] == "vix_level" else case["instrument"]


def scenario(case):
    lines = ["[market]", f"spx = {case['spx']}", f"variance = {case['v']}", f"variance_mean = {case['m']}",
             f"rate = {case['rate']}", f"dividend_yield = {case['dividend_yield']}", "[model.pricing]"]
    lines += [f"{name} = {case[name]}" for name in PARAMETERS]
    lines += ["[[model.pricing.jump]]", "name = \"jump\""] + [f"{key} = {case[name]}" for name, key in JUMP.items()]
    lines += ["[[price]]", "name = \"case\"", f"type = \"{price_type(case)}\""]
    if price_type(case) not in ("vix", "vix_future"):
        lines.append(f"strike = {case['strike']}")
    if price_type(case) != "vix":
        lines.append(f"years = {case['years']}")
    return "\n".join(lines) + "\n"


def cases():
    with open(SOURCE / "tests/reference/pricing_cases.csv") as file:
        yield from csv.DictReader(line for line in file if not line.startswith("#"))


def check(folder):
    worst = count = 0
    file = folder / "case.toml"
    for case in cases():
        file.write_text(scenario(case))
        document = json.loads(run("price", file, "--json").stdout)
        assert document["market"]["variance"] == float(case["v"])
        (row,) = document["prices"]
        assert row["name"] == "case" and row["type"] == price_type(case)
        error = abs(row["price"] - float(case["value"]))
        assert error <= float(case["tolerance"]), (case["id"], row["price"], case["value"])
        worst, count = max(worst, error / float(case["tolerance"])), count + 1
    assert count >= 40
    print(f"{count} cases, the worst at {worst:.3f} of its tolerance")


with tempfile.TemporaryDirectory() as name:
    check(Path(name))
