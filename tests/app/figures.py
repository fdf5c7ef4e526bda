#!/usr/bin/python3
"""Every shipped scenario runs and says what a run says; its figures on the terminal, in /summary and /claims, and
recomputed from the columns of the file by numpy are the same."""
import json
import math
import re
import tempfile
import tomllib
from pathlib import Path

from program import FOMC, PLAIN, SCENARIOS, require, run

require("h5py", "numpy")
import h5py
import numpy

NORMAL_95 = 1.959963984540054


def tail(pnl, level):
    """VaR and ES of the loss: the tail is the worst (1 - level) n paths, the last one as a fraction."""
    losses = numpy.sort(-pnl.astype(float))[::-1]
    count = len(losses) - len(losses) * round(level * 1e9) // 10**9
    mass = len(losses) * (10**9 - round(level * 1e9)) / 1e9
    value_at_risk = losses[count - 1]
    return value_at_risk, value_at_risk + (losses[:count] - value_at_risk).sum() / mass


def wilson(count, n):
    """The score interval of a share (Wilson 1927)."""
    share, z2 = count / n, NORMAL_95**2 / n
    centre, half = (share + z2 / 2) / (1 + z2), math.sqrt(z2 * (share * (1 - share) + z2 / 4)) / (1 + z2)
    return (0.0 if count == 0 else centre - half), (1.0 if count == n else centre + half)


def binomial_range(n, p):
    """The widest counts beyond which a binomial count falls with at most 2.5 % on each side."""
    k = numpy.arange(n + 1)
    factorial = numpy.concatenate(([0.0], numpy.cumsum(numpy.log(k[1:]))))  # of logarithms
    weight = numpy.exp(factorial[n] - factorial[k] - factorial[n - k] + k * math.log(p) + (n - k) * math.log1p(-p))
    below = numpy.cumsum(weight)
    above = numpy.cumsum(weight[::-1])[::-1]
    return int(numpy.flatnonzero(below >= 0.025)[0]), int(numpy.flatnonzero(above > 0.025)[-1])


def value_at_risk_limits(pnl, level):
    """Order statistics at the ranks of the binomial count of losses beyond the value at risk."""
    losses, n = numpy.sort(-pnl.astype(float))[::-1], len(pnl)
    low, high = binomial_range(n, (10**9 - round(level * 1e9)) / 1e9)
    return losses[min(high, n - 1)], losses[max(low, 1) - 1], low > 0 and high < n


def close(a, b, relative=1e-9):
    assert math.isclose(a, b, rel_tol=relative, abs_tol=1e-9), (a, b)


def check_mean(summary, name, k, x):
    """The mean of `x` with its normal interval."""
    if len(x) == 0:
        return
    close(summary[name][k], x.mean())
    if len(x) < 2:
        return
    error = x.std(ddof=1) / math.sqrt(len(x))
    # The sums of the program are compensated, numpy's are not: the error of the mean is compared more loosely.
    assert math.isclose(summary[name + "_standard_error"][k], error, rel_tol=1e-4, abs_tol=1e-6 * abs(x.mean()))
    half = NORMAL_95 * summary[name + "_standard_error"][k]
    close(summary[name + "_low"][k], x.mean() - half)
    close(summary[name + "_high"][k], x.mean() + half)


def check_share(group, name, k, count, n):
    close(group[name][k], count / n)
    low, high = wilson(count, n)
    close(group[name + "_low"][k], low)
    close(group[name + "_high"][k], high)


def check_summary(file):
    """Every figure of /summary against the columns."""
    pnl, summary = file["/paths/pnl"][:], file["/summary"]
    for k in range(len(pnl)):
        x = pnl[k].astype(float)
        check_mean(summary, "mean", k, x)
        check_mean(summary, "mean_win", k, x[x > 0])
        check_mean(summary, "mean_loss", k, x[x < 0])
        close(summary["sd"][k], x.std(ddof=1), 1e-6)
        check_share(summary, "p_loss", k, (x < 0).sum(), len(x))
        check_share(summary, "atom_share", k, (x == x.min()).sum(), len(x))
        close(summary["worst"][k], -x.min())
        close(summary["best"][k], x.max())
        for j, level in enumerate(file["/level"][:]):
            value_at_risk, expected_shortfall = tail(pnl[k], level)
            close(summary["value_at_risk"][k, j], value_at_risk)
            close(summary["expected_shortfall"][k, j], expected_shortfall)
            low, high, has_limits = value_at_risk_limits(pnl[k], level)
            if has_limits:
                close(summary["value_at_risk_low"][k, j], low)
                close(summary["value_at_risk_high"][k, j], high)
            assert summary["expected_shortfall_low"][k, j] <= expected_shortfall * (1 + 1e-12)
            assert summary["expected_shortfall_high"][k, j] >= expected_shortfall * (1 - 1e-12)


def words_of_claims(file):
    """Columns of the words that claims may use, in float32 as they are compared."""
    paths, pnl = file["/paths"], file["/paths/pnl"][:].astype(float)
    risk = file.attrs["max_risk"] * file.attrs["condor_contracts"]
    vix_end = paths["vix_end"][:].astype(float)
    return {"condor_return": numpy.float32(pnl[0] / risk), "total_return": numpy.float32(pnl[-1] / risk),
            "spx_return": paths["spx_return"][:], "vix_end": paths["vix_end"][:], "vix_max": paths["vix_max"][:],
            "vix_change": numpy.float32(vix_end - file.attrs["vix_at_entry"]),
            "down_breach": paths["breach"][:] == 1, "up_breach": paths["breach"][:] == 2}


def on_each_path(condition, words):
    """A condition is Python too, but for `true`."""
    code = compile(condition, "claim", "eval")
    columns = [column.tolist() for column in words.values()]
    return numpy.array([bool(eval(code, {"true": True, **dict(zip(words, values))})) for values in zip(*columns)])


def check_claims(file):
    """Every claim of the stored scenario, tested on the columns."""
    claims = tomllib.loads(file.attrs["scenario"]).get("claim", [])
    if not claims:
        return
    words, group = words_of_claims(file), file["/claims"]
    for k, claim in enumerate(claims):
        given = on_each_path(claim["given"], words)
        holds = int((on_each_path(claim["expect"], words) & given).sum())
        assert (group["given"][k], group["holds"][k]) == (given.sum(), holds), claim
        close(group["given_share"][k], given.mean())
        if given.any():
            check_share(group, "share", k, holds, int(given.sum()))
        wanted = claim.get("share", 0.5)
        verdict = "supported" if group["share_low"][k] >= wanted else "not supported" if group["share_high"][k] < wanted else ""
        assert group["verdict"][k].decode() == (verdict if given.sum() >= 200 and verdict else "undecided"), claim


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
        row = re.search(rf"^  {re.escape(name)} +(-?[\d,]+) \[(-?[\d,]+), (-?[\d,]+)\].*? ([\d,]+) +([\d.]+) %(?: \[.*?\])? "
                        r"+(-?[\d,]+) +(-?[\d,]+)$", text, re.M)
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


def number_after(pattern, text):
    found = re.search(pattern, text)
    assert found, f"no {pattern!r} in\n{text}"
    return float(found.group(1).replace(",", ""))


def check_entry(file, text):
    """What the trade is at its entry: credit, max risk, breakevens, premium."""
    a = file.attrs
    close(number_after(r"credit ([\d.]+) points", text), round(a["credit"], 2))
    close(number_after(r"max risk ([\d,]+) dollars", text), round(a["max_risk"] * a["condor_contracts"]))
    wing = max(a["condor_strikes"][1] - a["condor_strikes"][0], a["condor_strikes"][3] - a["condor_strikes"][2])
    close(a["max_risk"], 100.0 * (wing - a["credit"]))
    close(number_after(r"breakevens ([\d.]+) \(", text), round(a["condor_strikes"][1] - a["credit"], 2))
    close(number_after(r"breakevens .*? and ([\d.]+) \(", text), round(a["condor_strikes"][2] + a["credit"], 2))


def check_realised(file, text):
    """What the next session really did, and on how many paths SPX ended lower and VIX higher."""
    realised = tomllib.loads(file.attrs["scenario"])["realised"]
    row = re.search(r"The real session: SPX ([+-][\d.]+) %, lower on ([\d.]+) % of paths; VIX ([\d.]+), higher on ([\d.]+) %", text)
    assert row, text
    spx_return = realised["spx"] / file.attrs["spx_at_entry"] - 1.0
    lower = (file["/paths/spx_return"][:].astype(float) < spx_return).mean()
    higher = (file["/paths/vix_end"][:].astype(float) > realised["vix"]).mean()
    wanted = (f"{100 * spx_return:+.2f}", f"{100 * lower:.2f}", f"{realised['vix']:.2f}", f"{100 * higher:.2f}")
    assert row.groups() == wanted, (row.groups(), wanted)


def weighted_tail(pnl, weight, level):
    """VaR and ES of the loss: the tail is the worst share 1 - level of the weight, of the last path a part."""
    order = numpy.argsort(pnl, kind="stable")
    loss, weight = -pnl[order].astype(float), weight[order]
    size = (1.0 - level) * weight.sum()
    at = int(numpy.searchsorted(numpy.cumsum(weight), size))
    value_at_risk = loss[at]
    return value_at_risk, value_at_risk + (weight[:at] * (loss[:at] - value_at_risk)).sum() / size


def replicate_error(over, under, replicate):
    """Standard error of sum(over) / sum(under) from the replicates."""
    count = replicate.max() + 1
    sums = [numpy.bincount(replicate, x, count) for x in (over, under)]
    ratio = sums[0].sum() / sums[1].sum()
    return math.sqrt(((sums[0] - ratio * sums[1])**2).sum() * count / (count - 1)) / sums[1].sum()


STUDENT_975 = {16: 2.131449546, 17: 2.119905299, 31: 2.042272456}  # by replicates


def check_strata(folder, method):
    """Every figure of a sample in strata against the columns, their weights and replicates."""
    result = folder / f"{method}.h5"
    run("run", FOMC, "-o", result, "-q", "--paths", 130_000, "--set", f'sampling.method="{method}"')
    with h5py.File(result) as file:
        paths, summary, groups = file["/paths"], file["/summary"], file["/groups"]
        stratum, replicate = paths["stratum"][:], paths["replicate"][:].astype(int)
        weight = file["/strata/weight"][:][stratum]
        assert file.attrs["sampling"] == method and file.attrs["replicates"] == replicate.max() + 1
        assert numpy.array_equal(paths["weight"][:], weight.astype(numpy.float32))
        close(weight.mean(), 1.0, 1e-8)
        share = numpy.bincount(stratum, weight) / weight.sum()
        assert numpy.allclose(share, file["/strata/probability"][:], rtol=1e-5)
        student = STUDENT_975[replicate.max() + 1]
        for k, pnl in enumerate(paths["pnl"][:].astype(float)):
            mean = (weight * pnl).sum() / weight.sum()
            close(summary["mean"][k], mean)
            error = replicate_error(weight * pnl, weight, replicate)
            assert math.isclose(summary["mean_standard_error"][k], error, rel_tol=1e-6), (error, k)
            assert math.isclose(summary["mean_high"][k], mean + student * error, rel_tol=1e-6)
            close(summary["sd"][k], math.sqrt((weight * (pnl - mean)**2).sum() / weight.sum()), 1e-6)
            close(summary["p_loss"][k], (weight * (pnl < 0)).sum() / weight.sum())
            for j, level in enumerate(file["/level"][:]):
                value_at_risk, shortfall = weighted_tail(pnl, weight, level)
                close(summary["value_at_risk"][k, j], value_at_risk)
                close(summary["expected_shortfall"][k, j], shortfall)
                low, high = summary["value_at_risk_low"][k, j], summary["value_at_risk_high"][k, j]
                assert low <= value_at_risk <= high and (math.isinf(low) or low in -pnl)
                beyond = numpy.maximum(-pnl - value_at_risk, 0.0)
                error = replicate_error(weight * beyond, weight, replicate) / (1.0 - level)
                if math.isfinite(summary["expected_shortfall_high"][k, j]) and beyond.any():
                    assert math.isclose(summary["expected_shortfall_standard_error"][k, j], error, rel_tol=1e-6)
        for code, group in enumerate(("no_breach", "down_breach", "up_breach")):
            k = file["/group"].asstr()[:].tolist().index(group)
            inside = paths["breach"][:] == code
            close(groups["share"][k], (weight * inside).sum() / weight.sum())
            close(groups["mean"][-1, k], (weight * inside * pnl).sum() / (weight * inside).sum())
        for k in range(len(file["/layer"])):
            close(file["/layers/opened_share"][k], (weight * (paths["opened"][k] >= 0)).sum() / weight.sum())
        words = words_of_claims(file)
        for k, claim in enumerate(tomllib.loads(file.attrs["scenario"])["claim"]):
            given, holds = (on_each_path(claim[key], words) for key in ("given", "expect"))
            assert file["/claims/given"][k] == given.sum() and file["/claims/holds"][k] == (given & holds).sum()
            close(file["/claims/share"][k], (weight * given * holds).sum() / (weight * given).sum())
            close(file["/claims/given_share"][k], (weight * given).sum() / weight.sum())
            error = replicate_error(weight * given * holds, weight * given, replicate)
            assert math.isclose(file["/claims/share_standard_error"][k], error, rel_tol=1e-6)
        check_tail(file)


def check_shipped(scenario, folder):
    """A shipped scenario with few paths, or its prices where it has no book; returns whether it has a real session."""
    if "condor" not in tomllib.loads(scenario.read_text()):
        assert json.loads(run("price", scenario, "--json").stdout)["prices"]
        return False
    result = folder / f"{scenario.stem}.h5"
    shown = run("run", scenario, "-o", result, "-q", "--paths", 2_000, *PLAIN).stdout
    with h5py.File(result) as file:
        check_summary(file)
        check_claims(file)
        check_tail(file)
        check_entry(file, shown)
        real = re.match(r"\d{4}-\d\d-\d\d", scenario.stem) is not None  # a real entry day has its date in its name
        if real:
            check_realised(file, shown)
    return real


def check_large(folder):
    result = folder / "large.h5"
    shown = run("run", FOMC, "-o", result, "-q", "--paths", 70_000, *PLAIN).stdout
    with h5py.File(result) as file:
        for check in (check_summary, check_claims, check_columns, check_tail):
            check(file)
        check_terminal(file, shown)


with tempfile.TemporaryDirectory() as name:
    check_large(Path(name))
    for method in ("stratified", "hybrid"):
        check_strata(Path(name), method)
    shipped = sorted(SCENARIOS.glob("*.toml"))
    real_days = sum(check_shipped(scenario, Path(name)) for scenario in shipped)
    assert real_days >= 6
    print(f"{len(shipped)} shipped scenarios, {real_days} of them real days")
