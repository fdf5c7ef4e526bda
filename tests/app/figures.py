#!/usr/bin/python3
"""The figures on the terminal, in /summary and recomputed from the columns of the file are the same."""
import math
import re
import tempfile
from pathlib import Path

from program import FOMC, require, run

require("h5py", "numpy")
import h5py
import numpy


def tail(pnl, level):
    """VaR and ES of the loss: the tail is the worst (1 - level) n paths, the last one as a fraction."""
    losses = numpy.sort(-pnl.astype(float))[::-1]
    count = len(losses) - len(losses) * round(level * 1e9) // 10**9
    mass = len(losses) * (10**9 - round(level * 1e9)) / 1e9
    value_at_risk = losses[count - 1]
    return value_at_risk, value_at_risk + (losses[:count] - value_at_risk).sum() / mass


def close(a, b, relative=1e-9):
    assert math.isclose(a, b, rel_tol=relative, abs_tol=1e-9), (a, b)


def check_summary(file):
    """Every figure of /summary against the columns."""
    pnl, summary = file["/paths/pnl"][:], file["/summary"]
    for k in range(len(pnl)):
        x = pnl[k].astype(float)
        close(summary["mean"][k], x.mean())
        close(summary["mean_standard_error"][k], x.std(ddof=1) / math.sqrt(len(x)), 1e-4)
        close(summary["sd"][k], x.std(ddof=1), 1e-4)
        close(summary["p_loss"][k], (x < 0).mean())
        close(summary["mean_win"][k], x[x > 0].mean())
        close(summary["mean_loss"][k], x[x < 0].mean())
        close(summary["worst"][k], -x.min())
        close(summary["best"][k], x.max())
        close(summary["atom_share"][k], (x == x.min()).mean())
        for j, level in enumerate(file["/level"][:]):
            value_at_risk, expected_shortfall = tail(pnl[k], level)
            close(summary["value_at_risk"][k, j], value_at_risk)
            close(summary["expected_shortfall"][k, j], expected_shortfall)
            assert summary["expected_shortfall_low"][k, j] <= expected_shortfall * (1 + 1e-12)


def check_columns(file):
    paths = file["/paths"]
    pnl, legs = paths["pnl"][:].astype(float), paths["pnl_leg"][:].astype(float)
    rounding = 8 * 2.0**-24 * numpy.abs(legs).max()
    assert numpy.abs(legs.sum(axis=0) - pnl[-1]).max() <= rounding
    units = paths["contracts"][:].astype(float)
    layer_pnl = units * paths["unit_pnl"][:]
    layer_cost = units * paths["unit_cost"][:]
    assert numpy.abs(layer_pnl - legs[4:-1]).max() <= rounding
    steps = (layer_pnl - layer_cost).cumsum(axis=0) + pnl[0]
    assert numpy.abs(steps - pnl[1:]).max() <= rounding
    assert numpy.abs(legs[-1] + layer_cost.sum(axis=0) - (pnl[0] - legs[:4].sum(axis=0))).max() <= rounding
    opened, closed = paths["opened"][:], paths["closed"][:]
    assert ((opened < 0) <= (units == 0)).all() and ((closed < 0) | (closed > opened)).all()
    strikes = file.attrs["condor_strikes"]
    spx = file.attrs["spx_at_entry"] * (1.0 + paths["spx_return"][:].astype(float))
    sure = (numpy.abs(spx - strikes[1]) > 0.01) & (numpy.abs(spx - strikes[2]) > 0.01)
    expected = numpy.where(spx < strikes[1], 1, numpy.where(spx > strikes[2], 2, 0))
    assert (paths["breach"][:] == expected)[sure].all()
    # The condor by hand: its credit and fees, less what the level at settlement costs.
    contracts, credit = file.attrs["condor_contracts"], file.attrs["credit"]
    payoff = numpy.clip(strikes[1] - spx, 0, strikes[1] - strikes[0]) + numpy.clip(spx - strikes[2], 0, strikes[3] - strikes[2])
    by_hand = contracts * (100 * (credit - payoff) - 4 * 0.65)
    assert numpy.abs(by_hand - pnl[0]).max() < 0.1 * contracts
    worst = contracts * (file.attrs["max_risk"] + 4 * 0.65)
    assert pnl[0].min() == -numpy.float32(worst), (pnl[0].min(), worst)
    assert (file["/tail_path"][:] == numpy.argsort(pnl[-1], kind="stable")[:1000]).all()


def check_tail(file):
    """The worst paths end where their columns say."""
    numbers = file["/tail_path"][:]
    spx_return = file["/paths/spx_return"][:][numbers].astype(float)
    assert numpy.allclose(file["/tail/spx"][:, -1], file.attrs["spx_at_entry"] * (1 + spx_return), rtol=3e-7)
    assert numpy.allclose(file["/tail/vix"][:, -1], file["/paths/vix_end"][:][numbers], rtol=1e-5)


def whole(text):
    return int(text.replace(",", ""))


def check_terminal(file, text):
    """Dollars on the terminal are those of the file, rounded."""
    names = [name.decode() for name in file["/strategy"][:]]
    summary = file["/summary"]
    for k, name in enumerate(names):
        row = re.search(rf"^  {re.escape(name)} +(-?[\d,]+) \[(-?[\d,]+), (-?[\d,]+)\] +([\d,]+) +([\d.]+) % \[.*?\] +(-?[\d,]+) +(-?[\d,]+)$",
                        text, re.M)
        assert row, f"no row {name} in\n{text}"
        wanted = [summary[n][k] for n in ("mean", "mean_low", "mean_high", "sd")]
        assert [whole(row.group(i)) for i in range(1, 5)] == [round(x) for x in wanted], row.group(0)
        assert row.group(5) == f"{100 * summary['p_loss'][k]:.2f}"
        assert (whole(row.group(6)), whole(row.group(7))) == (round(summary["best"][k]), round(-summary["worst"][k]))
        for j, level in enumerate(file["/level"][:]):
            row = re.search(rf"^  {re.escape(name)} +{100 * level:g} +(-?[\d,]+) (?:\[.*?\])? +(-?[\d,]+) ", text, re.M)
            assert row, f"no tail row {name} {level}"
            assert whole(row.group(1)) == round(summary["value_at_risk"][k, j])
            assert whole(row.group(2)) == round(summary["expected_shortfall"][k, j])
    for claim, verdict in zip(file["/claim"][:], file["/claims/verdict"][:]):
        assert f"{claim.decode()}: {verdict.decode()}\n" in text


with tempfile.TemporaryDirectory() as name:
    result = Path(name) / "result.h5"
    shown = run("run", FOMC, "-o", result, "-q", "--paths", 70_000).stdout
    with h5py.File(result) as opened_file:
        for check in (check_summary, check_columns, check_tail):
            check(opened_file)
        check_terminal(opened_file, shown)
