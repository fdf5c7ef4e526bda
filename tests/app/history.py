"""A made-up daily history for the scripts of this folder."""
import datetime
import math
import random

SESSIONS = 400


def write_history(folder, seed=1):
    """SPX and VIX on weekdays from 2022-06-01 on."""
    draw, date, spx, vix = random.Random(seed), datetime.date(2022, 6, 1), 4000.0, 16.0
    rows = {"spx.csv": ["Date,Open,High,Low,Close"], "vix.csv": ["Date,Close"]}
    for _ in range(SESSIONS):
        move = 0.008 * draw.gauss(0, 1)
        opens, close = spx * math.exp(0.3 * move + 0.003 * draw.gauss(0, 1)), spx * math.exp(move)
        rows["spx.csv"].append(f"{date},{opens:.2f},{1.003 * max(opens, close):.2f},{0.997 * min(opens, close):.2f},"
                               f"{close:.2f}")
        vix = min(25.0, max(11.0, vix * math.exp(-4.0 * move + 0.03 * draw.gauss(0, 1))))
        rows["vix.csv"].append(f"{date},{vix:.2f}")
        spx = close
        date += datetime.timedelta(days=3 if date.weekday() == 4 else 1)
    for name, lines in rows.items():
        (folder / name).write_text("\n".join(lines) + "\n")
