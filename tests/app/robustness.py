#!/usr/bin/python3
"""What a run must survive or refuse: places that it must not write to, full disks, signals, closed outputs, files that are
no files, and slips of the command line."""
import os
import re
import resource
import shlex
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from program import FOMC, PROGRAM, SCENARIOS, SOURCE, files_in, processor_seconds, run

CONDOR = SCENARIOS / "condor-only.toml"
MODEL = SCENARIOS / "models/default.toml"
BOOK = f"""[market]
time = 2025-06-17T15:45:00
spx = 6000.0
vix = 20.0
[model]
file = "{MODEL}"
[condor]
expiry = 2025-06-18
short_delta = 0.15
wing_width = 25.0
[[layer]]
name = "first"
instrument = {{ type = "vix_call", days = 30, delta = 0.50 }}
size = {{ contracts = 2 }}
[sampling]
paths = 1000
"""


def refused(arguments, *words, code=2, cwd=None):
    done = run(*arguments, code=code, cwd=cwd)
    for word in words:
        assert word in done.stderr, f"{arguments}: no {word!r} in\n{done.stderr}"
    assert "internal error" not in done.stderr and "filesystem error" not in done.stderr, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def fixed_strike_with_a_rule(folder):
    """A strike given in points is prepared before the paths: without it every fill was priced exactly, for minutes."""
    (folder / "fixed.toml").write_text(BOOK.replace("delta = 0.50", "strike = 25.0") .replace(
        "contracts = 2 }", "contracts = 2 }\nopen = \"vix > 21\""))
    _, seconds = processor_seconds(lambda: run("run", "fixed.toml", "-o", "fixed.h5", "-q", "--paths", 20_000, cwd=folder))
    assert seconds < 60.0, f"{seconds:.0f} s for a layer with a fixed strike"


def targets(folder):
    """A result takes the place of an older result, and of nothing else."""
    own = folder / "targets"
    own.mkdir()
    (own / "model.toml").write_text(MODEL.read_text())
    (own / "base.toml").write_text(FOMC.read_text().replace("history/", f"{SCENARIOS}/history/").replace(
        "models/default.toml", "model.toml"))
    (own / "history.csv").write_text((SCENARIOS / "history/2024-12-17.csv").read_text())
    (own / "top.toml").write_text("extends = \"base.toml\"\nlayer = []\n[market]\nhistory = \"history.csv\"\n")
    (own / "notes.txt").write_text("not a result\n")
    (own / "other.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(1000))
    (own / "link.h5").symlink_to("notes.txt")
    (own / "folder").mkdir()
    os.mkfifo(own / "pipe")
    before = {name: (own / name).read_bytes() for name in files_in(own) if (own / name).is_file()}
    for name, word in [("top.toml", "is read by this run"), ("base.toml", "is read by this run"),
                       ("model.toml", "is read by this run"), ("history.csv", "is read by this run"),
                       ("notes.txt", "no result of volstorm"), ("other.h5", "no result of volstorm"),
                       ("link.h5", "no result of volstorm"), ("folder", "is a folder"), ("new/", "is a folder"),
                       ("pipe", "a device or a pipe"), ("/dev/null", "a device or a pipe")]:
        refused(["run", "top.toml", "-o", name, "-q"], name, word, cwd=own)
    assert before == {name: (own / name).read_bytes() for name in files_in(own) if (own / name).is_file()}
    for _ in range(2):
        run("run", "top.toml", "-o", "new/result.h5", "-q", "--paths", 1000, cwd=own)
    assert files_in(own / "new") == ["result.h5"]


def size_limits(folder):
    """Where the system takes no more, anywhere in the file: exit 5, the reason, and nothing left."""
    whole = folder / "whole.h5"
    arguments = ["run", CONDOR, "-q", "--paths", 8000]
    run(*arguments, "-o", whole)
    size = whole.stat().st_size
    place = folder / "limited"
    place.mkdir()
    for limit in [512, 20_000, *range(100_000, size, size // 6), size - 1]:
        def lower():
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        done = subprocess.run([PROGRAM, *map(str, arguments), "-o", place / "x.h5"], capture_output=True, text=True,
                              preexec_fn=lower)
        assert done.returncode == 5 and "File too large" in done.stderr, (limit, done.returncode, done.stderr)
        assert files_in(place) == [], (limit, files_in(place))


def small_disk(folder):
    """On a disk of 1 MB: refused before any path, with an estimate that is not below the file; and where others fill the
    disk meanwhile, exit 5."""
    script = """
mount -t tmpfs -o size={size} tmpfs {place} || exit 77
{fill}
{program} run {scenario} -q --paths {paths} -o {place}/x.h5 2> {folder}/said > /dev/null
code=$?
ls -A {place} > {folder}/left
exit $code
"""
    place = folder / "disk"
    place.mkdir()

    def attempt(size, paths, fill="", scenario=CONDOR):
        text = script.format(size=size, place=place, fill=fill, folder=folder, program=shlex.quote(str(PROGRAM)),
                             scenario=shlex.quote(str(scenario)), paths=paths)
        code = subprocess.run(["unshare", "-m", "sh", "-c", text], stderr=subprocess.DEVNULL).returncode
        if code in (1, 77) and not (folder / "said").exists():
            return None, "", []
        return code, (folder / "said").read_text(), (folder / "left").read_text().split()

    code, said, left = attempt("1m", 8000)
    if code is None:
        print("not tried: no right to mount a small disk")
        return
    assert code == 2 and left == [] and "of disk" in said, (code, said, left)
    units = {"kB": 1e3, "MB": 1e6, "GB": 1e9}
    for scenario, paths in [(CONDOR, 8000), (CONDOR, 70_000), (FOMC, 8000), (FOMC, 200_000)]:
        run("run", scenario, "-q", "--paths", paths, "-o", folder / "real.h5")
        real = (folder / "real.h5").stat().st_size
        _, said, _ = attempt("1m", paths, scenario=scenario)
        value, unit = re.search(r"would need ([\d.]+) (kB|MB|GB) of disk", said).groups()
        estimate = float(value) * units[unit]
        assert real <= 1.005 * estimate and estimate < 1.6 * real + 300_000, (scenario.stem, paths, estimate, real)
    table = f"mount -t tmpfs -o size=64k tmpfs {place} && {shlex.quote(str(PROGRAM))} days {shlex.quote(str(FOMC))} -o {place}/x.csv"
    refused = subprocess.run(["unshare", "-m", "sh", "-c", table], capture_output=True, text=True)
    assert refused.returncode == 2 and "needs a disk with 1.00 MB free" in refused.stderr, refused.stderr
    assert not refused.stdout, refused.stdout
    # Another program takes the room after the check.
    fill = "(until ls {0}/*.tmp-* > /dev/null 2>&1; do sleep 0.01; done; while :; do head -c 300000000 /dev/zero > {0}/ballast 2> /dev/null; sleep 0.02; done) & F=$!\n" \
           "trap 'kill $F; rm -f {0}/ballast' EXIT".format(place)
    code, said, left = attempt("200m", 3_000_000, fill=fill)
    assert code == 5 and "No space left on device" in said, (code, said)
    assert left in ([], ["ballast"]), left


def signals(folder):
    """Ctrl-C, termination, hang-up: one line, no file, and death by that signal."""
    place = folder / "interrupted"
    place.mkdir()
    for number, word in [(signal.SIGINT, "interrupted"), (signal.SIGTERM, "terminated"), (signal.SIGHUP, "hung up")]:
        process = subprocess.Popen([PROGRAM, "run", str(CONDOR), "-q", "--paths", "200000000", "-o", place / "x.h5"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(600):
            if any(".tmp-" in name for name in files_in(place)) or process.poll() is not None:
                break
            time.sleep(0.05)
        assert process.poll() is None, process.stderr.read()
        assert files_in(place), "no temporary file yet"
        time.sleep(0.1)
        process.send_signal(number)
        said = process.communicate(timeout=30)[1]
        assert process.returncode == -number, (number, process.returncode)
        assert word in said and said.count("\n") == 1, said
        assert files_in(place) == [], files_in(place)
    # What nohup ignores stays ignored.
    process = subprocess.Popen(["nohup", PROGRAM, "run", str(CONDOR), "-q", "--paths", "3000000", "-o", place / "x.h5"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(0.3)
    process.send_signal(signal.SIGHUP)
    assert process.wait(timeout=300) == 0 and files_in(place) == ["x.h5"]


def outputs(folder):
    """What standard output refuses is an error of its own; a reader that goes away is none."""
    full = open("/dev/full", "w")
    for arguments in (["list"], ["price", CONDOR, "--json"], ["--version"], ["--help"], ["check", CONDOR, "--explain"]):
        command = [PROGRAM, *map(str, arguments)]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
        assert done.returncode == 5 and "standard output: No space left on device" in done.stderr, (arguments, done)
        done = subprocess.run(["sh", "-c", shlex.join(map(str, command)) + " >&-"], stderr=subprocess.PIPE, text=True)
        assert done.returncode == 5 and "standard output: Bad file descriptor" in done.stderr, (arguments, done)
        done = subprocess.run(["bash", "-c", shlex.join(map(str, command)) + " | true; exit ${PIPESTATUS[0]}"],
                              stderr=subprocess.PIPE, text=True)
        assert done.returncode == 0 and done.stderr == "", (arguments, done)
    # The result does not mix with what is printed, and is there though nobody could read its summary.
    for closed in (">&-", "2>&-", ">&- 2>&- <&-", "> /dev/full", "2> /dev/full", "| true"):
        target = folder / "quiet.h5"
        command = shlex.join([str(PROGRAM), "run", str(CONDOR), "--paths", "1000", "-o", str(target)])
        subprocess.run(["bash", "-c", command + " " + closed], stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        run("replay", target)
        target.unlink()
    # Where both go to one file, the time taken does not fall into the middle of the summary.
    both = subprocess.run([PROGRAM, "run", FOMC, "--paths", "1000", "-o", folder / "both.h5"], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True).stdout.splitlines()
    assert re.match(r"\d+\.\d\d s: .* preparing", both[-1]) and both[-2].startswith("Again "), both[-3:]


def again(folder):
    """The line `Again` gives the same numbers again."""
    name = "it's here"
    (folder / name).mkdir()
    (folder / name / "own.toml").write_text(BOOK)
    sets = ["--set", "market.vix=25", "--set", "title=\"two words, it's $HOME\"", "--set",
            "condor.short_delta=", "--set", "condor.short_sd=1.2", "--set", "layer.first.size={ budget = 0.1, of = \"credit\" }",
            "--set", "costs={none=true}"]
    first = run("run", f"{name}/own.toml", *sets, "--paths", "2e3", "--seed", 9, "-o", "a.h5", "-q", cwd=folder).stdout
    line = re.search(r"^Again    (volstorm run .*)$", first, re.M).group(1)
    words = shlex.split(line)
    assert words == ["volstorm", "run", f"{name}/own.toml", *sets, "--paths", "2000", "--seed", "9", "-o", "a.h5"], words
    second = run(*words[1:-1], "b.h5", "-q", cwd=folder).stdout
    assert first.replace("a.h5", "b.h5") == second
    # The scenario in the result is the one that ran: replay finds the same P&L, and exits with 3 if it does not.
    for rank in (1, 2):
        run("replay", "a.h5", "--worst", rank, cwd=folder)


def early(folder):
    """What the scenario alone shows to be impossible is refused before prices are prepared; nothing stays behind."""
    here = [FOMC, "-q"]
    for options, words, code in [(["--paths", "1e12"], "TB of disk", 2),
                                 (["--paths", "1e12", "-o", "no/such/folder/x.h5"], "TB of disk", 2),
                                 (["-o", "/proc/q.h5"], "cannot write /proc/q.h5: ", 5),
                                 (["-o", "/proc/none/q.h5"], "cannot make the folder /proc/none: ", 5),
                                 (["-o", "plain/new/q.h5"], "cannot make the folder plain/new: ", 5)]:
        (folder / "plain").write_text("a file\n")
        _, seconds = processor_seconds(lambda: refused(["run", *here, *options], words, code=code, cwd=folder))
        assert seconds < 0.3, f"{options}: {seconds:.2f} s"
        assert files_in(folder) == ["plain"], files_in(folder)
    # Folders made for the trial go again where the scenario is refused later.
    refused(["run", *here, "-o", "new/deep/x.h5", "--set", "layer.first.instrument={type=\"vix_call\", delta=0.5, expiry=2025-01-16}"],
            "2025-01-16", cwd=folder)
    assert files_in(folder) == ["plain"], files_in(folder)


def numbers(folder):
    """Options that take whole numbers name themselves and their range."""
    for option, value, words in [("--paths", "-5", "from 1 to 1000000000000"), ("--paths", "0", "from 1 to"),
                                 ("--paths", "1.5", "whole number"), ("--paths", "1e13", "from 1 to"),
                                 ("--paths", "nan", "whole number"), ("--paths", "", "whole number"),
                                 ("--seed", "-1", "from 0 to 9223372036854775807"),
                                 ("--seed", "18446744073709551615", "from 0 to 9223372036854775807"),
                                 ("--seed", "18446744073709551616", "from 0 to 9223372036854775807")]:
        for command in ("run", "check"):
            message = refused([command, CONDOR, option, value], words)
            assert message.startswith(f"{option} {value}: "), message
    explained = run("check", CONDOR, "--explain", "--paths", "1e6", "--seed", "9223372036854775807").stdout
    assert "sampling.paths = 1000000 " in explained and "sampling.seed = 9223372036854775807 " in explained
    message = refused(["run", CONDOR, "--paths", "1e12", "-o", folder / "huge.h5"], "TB of disk", "1,000,000,000,000")
    assert re.search(r"about \d+ (hour|day)s?, ", message) and re.search(r"at most [\d,]+ paths fit|no result", message)


def edits(folder, *cases):
    for old, new, *words in cases:
        assert BOOK.count(old) == 1, old
        (folder / "edited.toml").write_text(BOOK.replace(old, new))
        refused(["check", "edited.toml"], "edited.toml:", *words, cwd=folder)


def scenarios(folder):
    size = "size = { contracts = 2 }"
    delta = "short_delta = 0.15\nwing_width = 25.0"
    edits(folder, (size, "size = { contracts = 1e300 }", "(0, 1000000]"), (size, "size = { contracts = 0 }", "(0, 1000000]"),
          (size, "size = { budget = 101.0, of = \"credit\" }", "(0, 100]"),
          (delta, "strikes = [5875, 5900, 6100, 6125]\ncredit = 0.0", "condor.credit", "(0, 100000]"),
          (delta, "strikes = [5875, 5900, 6100, 6125]\ncredit = -2.0", "condor.credit"),
          (delta, delta + "\ncredit = 2.0", "already held"),
          (delta, delta + "\nstrikes = [5875, 5900, 6100, 6125]", "excludes short_delta", "wing_width"),
          (size, "strike = 25.0\nexpiry = 2025-07-16", "size = { contracts = N }", "contracts = N;"),
          (size, size + "\npaid = 1.2", "already held"),
          ("expiry = 2025-06-18", "expiry = 2035-06-18", "2015 to 2027"),
          ("days = 30", "expiry = 2035-07-18", "2015 to 2027"))
    (folder / "good.toml").write_text(BOOK)
    refused(["check", "good.toml", "--set", "condor.strikes=[5875, 5900, 6100, 6125]"],
            "excludes short_delta", "good.toml:9:15", cwd=folder)
    refused(["check", "good.toml", "--set", "market.time=2027-12-31T15:45:00", "--set", "condor.expiry=2027-12-31"],
            "2015 to 2027", cwd=folder)
    for budget, words in [(12.5, "12.5 is 1250 % of max_risk"), (1.0, None)]:
        (folder / "budget.toml").write_text(BOOK.replace(size, f"size = {{ budget = {budget}, of = \"max_risk\" }}"))
        said = run("check", "budget.toml", cwd=folder).stdout
        said = " ".join(said.split())
        assert (words in said) if words else ("Warning" not in said), said


def planned(folder):
    """What the format will have one day is refused with these words, not as a typing error."""
    size = "size = { contracts = 2 }"
    later = "is not there yet"
    edits(folder, ("[sampling]", "[[stress]]\nname = \"x\"\nintensity = 5.0\n[sampling]", "stress", later),
          ("[sampling]", "[[hedge]]\nname = \"x\"\n[sampling]", "hedge", later),
          ("[sampling]", "[limits]\nes = \"es97.5(total) < 25000\"\n[sampling]", "limits", later),
          ("[sampling]", "[output]\nextremes = true\n[sampling]", "output.extremes", later),
          (size, "size = { vega = 1000.0 }", "layer.first.size.vega", later),
          (size, size + "\nroll = \"vix > 30\"", "layer.first.roll", later),
          *[("\"vix_call\"", f"\"{word}\"", word, later)
            for word in ("vxm_future", "vix_etp", "spy", "xsp_put", "xsp_put_spread", "correlated_asset")],
          (size, size + "\nopen = \"profit(first) > 1\"", "profit is not there yet"),
          (size, size + "\nclose = \"short_delta > 0.3\"", "short_delta is not there yet"),
          ("[condor]", "[[condor]]", "condor", "not there yet"))
    assert "'report' is not there yet" in run("report", "x.h5", code=2).stderr
    assert "--fail-if is not there yet" in run("run", CONDOR, "--fail-if=es99(total) > 1", code=2).stderr


def files(folder):
    """Files that are none, or that the system does not let us read."""
    os.mkfifo(folder / "fifo.toml")
    (folder / "names.toml").write_text("extends = \"fifo.toml\"\n")
    for arguments in (["check", "fifo.toml"], ["run", "fifo.toml"], ["check", "/dev/zero"], ["check", "names.toml"]):
        _, seconds = processor_seconds(lambda: refused(arguments, "pipe or device", cwd=folder))
        assert seconds < 1.0
    refused(["check", "missing.toml"], "missing.toml: no such file", cwd=folder)
    refused(["check", "x" * 300 + ".toml"], "File name too long", code=5, cwd=folder)
    refused(["check", "/proc/self/mem"], "cannot be read: Input/output error", code=5)
    if os.geteuid() != 0:  # root may read all
        (folder / "closed.toml").write_text(BOOK)
        (folder / "closed.toml").chmod(0)
        refused(["check", "closed.toml"], "closed.toml: cannot be read: Permission denied", code=5, cwd=folder)
    (folder / "plain").write_text("a file\n")
    (folder / "good.toml").write_text(BOOK)
    refused(["run", "good.toml", "-q", "-o", "plain/sub/x.h5"], "cannot make the folder plain/sub: Not a directory", code=5,
            cwd=folder)


def unprivileged(folder):
    """The same without the rights of root, where this test has them."""
    if os.geteuid() != 0:
        return
    folder.chmod(0o755)
    (folder / "secret.toml").write_text(BOOK)
    (folder / "secret.toml").chmod(0)
    closed = folder / "closed"
    closed.mkdir(mode=0o500)
    (folder / "good.toml").write_text(BOOK)

    def drop():
        os.setgid(65534)
        os.setuid(65534)
    for arguments, words in [(["check", "secret.toml"], "secret.toml: cannot be read: Permission denied"),
                             (["run", "good.toml", "-o", "closed/sub/x.h5"], "cannot make the folder closed/sub: ")]:
        try:
            done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, cwd=folder, preexec_fn=drop)
        except PermissionError:
            print("not tried: nobody else may run the program")
            return
        assert done.returncode == 5 and words in done.stderr, done


def history(folder):
    """A session left out of the history is named at the row after it."""
    rows = (SCENARIOS / "history/2024-12-17.csv").read_text().splitlines()
    gap = next(i for i, row in enumerate(rows) if row.startswith("2024-11-26"))
    (folder / "gap.csv").write_text("\n".join(rows[:gap] + rows[gap + 1:]) + "\n")
    message = refused(["check", FOMC, "--set", "market.history=gap.csv"], "the session of 2024-11-26 is missing", cwd=folder)
    assert message.startswith(f"gap.csv:{gap + 1}:1: "), message


def init(folder):
    quotes = ["--spx", 6000, "--vix", 18]
    good = [*quotes, "--time", "2025-06-17T15:45:00"]
    refused(["init", *quotes, "--time", "yesterday"], "--time yesterday: ", "2025-06-17T15:45:00")
    refused(["init", *quotes, "--time", "2025-06-19T15:45:00"], "--time 2025-06-19T15:45:00: ", "no session")
    refused(["init", "--spx", 6000, "--vix", 0.18, "--time", "2025-06-17T15:45"], "--vix 0.18: ", "[5, 200]")
    # The model file is found from wherever the scenario lies.
    for number, place in enumerate((folder / "deep/er", folder)):
        place.mkdir(parents=True, exist_ok=True)
        file = place / f"mine{number}.toml"
        run("init", *good, "-o", file, cwd=SOURCE)
        run("check", file, cwd="/")
    (folder / "scenarios/models").mkdir(parents=True)
    (folder / "scenarios/models/default.toml").write_text(MODEL.read_text())
    run("init", *good, "-o", "scenarios/mine.toml", cwd=folder)
    assert "file = \"models/default.toml\"" in (folder / "scenarios/mine.toml").read_text()
    run("check", "scenarios/mine.toml", cwd=folder)
    run("init", *good, "-o", "made/deep/mine.toml", cwd=folder)
    run("check", "made/deep/mine.toml", cwd=folder)
    refused(["init", *good, "-o", "made/deep/"], "is a folder", cwd=folder)
    refused(["init", *good, "-o", "made/deep/mine.toml"], "is there already", cwd=folder)
    assert ".tmp-" not in refused(["init", *good, "-o", "/proc/x.toml"], "cannot write /proc/x.toml: ", code=5)
    done = subprocess.run([PROGRAM, "init", *map(str, good), "-o", "x.toml"], capture_output=True, text=True, cwd=folder,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)))
    assert done.returncode == 5 and done.stderr.startswith("cannot write x.toml: File too large"), done
    text = run("init", *good, cwd=folder).stdout
    assert "file = \"scenarios/models/default.toml\"" in text


def replay(folder):
    """A result does not hold its model file; replay says so."""
    (folder / "model.toml").write_text(MODEL.read_text())
    (folder / "own.toml").write_text(BOOK.replace(str(MODEL), "model.toml"))
    run("run", "own.toml", "-o", "own.h5", "-q", "--paths", 100, cwd=folder)
    (folder / "model.toml").rename(folder / "away.toml")
    refused(["replay", "own.h5"], "own.h5: ", "model.toml", "does not hold the files", cwd=folder)
    run("run", "own.toml", "-o", "one.h5", "-q", "--paths", 1, "--set", f"model.file={MODEL}", cwd=folder)
    refused(["replay", "one.h5", "--path", 1], "1 path,", cwd=folder)


for check in (fixed_strike_with_a_rule, targets, size_limits, small_disk, again, early, signals, outputs, numbers, scenarios, planned,
              files, unprivileged, history, init, replay):
    with tempfile.TemporaryDirectory() as name:
        start = time.time()
        check(Path(name))
        print(f"{check.__name__}: {time.time() - start:.1f} s", flush=True)
