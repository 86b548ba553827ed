"""Measure the comparison of symptom days on made-up diaries: ``python bench/symptoms.py``.

Prints and writes ``docs/symptoms_bench.md``: how often a difference is seen where there is none, how often a true one
is seen, and whether "cannot tell" stands where it should. Seeds are fixed; it takes about two minutes.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np

from nutridiary.symptoms.arrangements import SEED, arrangements, difference_of_days
from nutridiary.symptoms.comparison import holm
from nutridiary.symptoms.limits import LEAST_DAYS, LEAST_OF_EACH, LEAST_POWER, SEEN_BELOW, UNLIKE_FROM

REPORT = Path(__file__).resolve().parents[1] / "docs" / "symptoms_bench.md"

DAYS = (14, 30, 60, 120)
ALIKE = (0.0, 0.3, 0.6)
RUNS = (0.0, 0.5)
NUTRIENTS = 10
SHARE_FELT = 0.35
ROUNDS = {14: 200, 30: 200, 60: 200, 120: 160}
POWER_ROUNDS = {14: 60, 30: 80, 60: 80, 120: 60}
DRAWN = 399
"""Rearrangements; a report draws five times as many, which changes no rate, only how it scatters."""


class Outcome(NamedTuple):
    """One made-up diary: p-values of nutrients x lags, those after Holm, stated power, and whether 0 is bounded."""

    p_values: np.ndarray
    held: np.ndarray
    power: np.ndarray
    holds: np.ndarray


def intakes_of(days: int, alike: float, generator: np.random.Generator, *, skewed: bool = False) -> np.ndarray:
    """Return days x nutrients of standard deviation 1, each an autoregression of first order."""
    noise = generator.standard_normal((days, NUTRIENTS))
    found = noise.copy()
    for day in range(1, days):
        found[day] = alike * found[day - 1] + np.sqrt(1 - alike**2) * noise[day]
    if not skewed:
        return found
    spread = 0.6
    return np.exp(spread * found) / np.sqrt(np.expm1(spread**2) * np.exp(spread**2))


def felt_on(days: int, runs: float, share: float, generator: np.random.Generator) -> np.ndarray:
    """Return days with a symptom, a chain whose days have the correlation `runs`; as many as a test asks for."""
    while True:
        felt = np.empty(days, dtype=bool)
        chance = share
        for day in range(days):
            felt[day] = generator.random() < chance
            chance = share + runs * (felt[day] - share)
        if min(felt.sum(), days - felt.sum()) >= LEAST_OF_EACH:
            return felt


def diaries(
    rounds: int, days: int, alike: float, runs: float, *, effect: float = 0.0, share: float = SHARE_FELT, skewed=False
) -> Iterator[Outcome]:
    """Return what diaries come to; the first nutrient differs by `effect` on the day itself."""
    generator = np.random.default_rng([SEED, days, round(100 * alike), round(100 * runs), round(100 * effect)])
    for _ in range(rounds):
        felt = felt_on(days, runs, share, generator)
        eaten = intakes_of(days + 1, alike, generator, skewed=skewed)
        eaten[1:, 0] += effect * felt
        level = SEEN_BELOW / (2 * NUTRIENTS)
        tested = [difference_of_days(part, felt, level=level, number=DRAWN) for part in (eaten[1:], eaten[:-1])]
        p_values = np.concatenate([found.p_value for found in tested])
        yield Outcome(
            p_values,
            np.array(holm(p_values.tolist())),
            np.concatenate([100 * found.power for found in tested]),
            np.concatenate(
                [(found.low - shift <= 0) & (found.high - shift >= 0) for found, shift in _shifts(tested, effect)]
            ),
        )


def _shifts(tested, effect: float):
    """Pair each lag with what its nutrients truly differ by."""
    return zip(tested, (np.eye(1, NUTRIENTS)[0] * effect, np.zeros(NUTRIENTS)), strict=True)


def percent(values) -> str:
    """Return a share with its standard error over diaries: 5.1 ± 0.4."""
    shares = 100 * np.array(values, dtype=float)
    return f"{shares.mean():.1f} ± {shares.std(ddof=1) / np.sqrt(len(shares)):.1f}"


def false_alarms() -> tuple[str, list[float]]:
    """Return a table of false alarms, and the rates of single tests."""
    lines, rates = [], []
    for days, alike, runs in product(DAYS, ALIKE, RUNS):
        found = list(diaries(ROUNDS[days], days, alike, runs))
        single = [(one.p_values <= SEEN_BELOW).mean() for one in found]
        family = [(one.held <= SEEN_BELOW).any() for one in found]
        shown = [((one.held <= SEEN_BELOW) & (one.power >= LEAST_POWER)).any() for one in found]
        inside = [one.holds.mean() for one in found]
        rates.append(100 * float(np.mean(single)))
        cells = (str(days), f"{alike:g}", f"{runs:g}", *map(percent, (single, family, shown, inside)))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines), rates


def true_differences() -> tuple[str, str]:
    """Return a table of differences seen, and what becomes of those that are seen less often than not."""
    lines, weak, told = [], 0, []
    for days, (alike, runs), effect in product(DAYS, ((0.0, 0.0), (0.3, 0.5)), (0.5, 1.0, 1.5)):
        found = list(diaries(POWER_ROUNDS[days], days, alike, runs, effect=effect))
        seen = np.array([one.held[0] <= SEEN_BELOW for one in found])
        stated = np.array([one.power[0] for one in found])
        open_ = stated < LEAST_POWER
        inside = [bool(one.holds[0]) for one in found]
        if effect == 1.0 and seen.mean() < LEAST_POWER / 100:
            weak += 1
            told.append(100 * open_.mean())
        cells = (
            str(days),
            f"{alike:g}, {runs:g}",
            f"{effect:g}",
            percent(seen),
            f"{stated.mean():.0f}" if effect == 1.0 else "",
            f"{100 * (seen & ~open_).mean():.0f}",
            f"{100 * (~seen & ~open_).mean():.0f}",
            f"{100 * open_.mean():.0f}",
            percent(inside),
        )
        lines.append(f"| {' | '.join(cells)} |")
    summary = (
        f"{weak} of the 8 designs see one standard deviation less often than not; in these, cannot tell is said in "
    )
    return "\n".join(lines), summary + ", ".join(f"{share:.0f} %" for share in told) + " of the diaries."


def weekends() -> str:
    """Return a table of what weekends alone make differ, and of how often that is named beside it."""
    lines, days, level = [], 90, SEEN_BELOW / (2 * NUTRIENTS)
    for higher, often in ((0.0, 0.35), (0.5, 0.5), (1.0, 0.65)):
        generator = np.random.default_rng([SEED, days, round(100 * higher)])
        single, shown, named = [], [], []
        for _ in range(160):
            weekend = (np.arange(days + 1) + generator.integers(7)) % 7 >= 5
            # As many symptoms in all: more of them on weekends, fewer on the other days.
            chance = np.where(weekend, often, SHARE_FELT - (often - SHARE_FELT) * weekend.mean() / (1 - weekend.mean()))
            felt = generator.random(days) < chance[1:]
            eaten = intakes_of(days + 1, 0.3, generator) + higher * weekend[:, np.newaxis]
            p_values, differs, said = [], False, False
            lags = [(eaten[1:], weekend[1:]), (eaten[:-1], weekend[:-1])]
            tested = [difference_of_days(part, felt, level=level, number=DRAWN) for part, _ in lags]
            held = np.reshape(holm(np.concatenate([found.p_value for found in tested]).tolist()), (2, NUTRIENTS))
            for found, less, (_, free) in zip(tested, held, lags, strict=True):
                p_values += found.p_value.tolist()
                seen = bool(((less <= SEEN_BELOW) & (100 * found.power >= LEAST_POWER)).any())
                differs |= seen
                said |= seen and 100 * abs(free[felt].mean() - free[~felt].mean()) >= UNLIKE_FROM
            single.append(np.mean(np.array(p_values) <= SEEN_BELOW))
            shown.append(differs)
            named += [said] if differs else []
        cells = (f"{higher:g}", f"{100 * often:.0f}", percent(single), percent(shown), f"{sum(named)} of {len(named)}")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def of_the_difference(eaten: np.ndarray, felt: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return p-values of the bare difference of means over rearranged days, as the ways not taken do it."""
    centred = felt - felt.mean()
    observed = np.abs(centred @ eaten)
    drawn = np.abs(np.einsum("t,btm->bm", centred, eaten[places]))
    return (1 + (drawn >= observed * (1 - 1e-9)).sum(axis=0)) / (1 + len(places))


def ways() -> str:
    """Return a table of the ways to rearrange days that were tried, where both sides are alike from day to day."""
    lines = []
    for days, runs in ((30, 0.5), (60, 0.5), (60, 0.8)):
        generator = np.random.default_rng([SEED, days, round(100 * runs)])
        shares: dict[str, list[float]] = {}
        for number in range(240):
            felt, eaten = felt_on(days, runs, SHARE_FELT, generator), intakes_of(days, 0.6, generator)
            around = (np.arange(days) + np.arange(1, days)[:, np.newaxis]) % days
            free = np.argsort(generator.random((DRAWN, days)), axis=1)
            p_values = {
                "days shuffled freely": of_the_difference(eaten, felt, free),
                "shifted around the circle": of_the_difference(eaten, felt, around),
                "blocks": of_the_difference(eaten, felt, arrangements(days, DRAWN, number)),
                "blocks, over the standard error (used)": difference_of_days(eaten, felt, number=DRAWN).p_value,
            }
            for way, values in p_values.items():
                shares.setdefault(way, []).append(float((values <= SEEN_BELOW).mean()))
        least = {"shifted around the circle": f"1/{days}"}
        lines += [
            f"| {days} | {runs:g} | {way} | {percent(found)} | {least.get(way, 'below 1/1,000')} |"
            for way, found in shares.items()
        ]
    return "\n".join(lines)


def main() -> None:
    """Measure and write the report."""
    started = time.process_time()
    alarms, rates = false_alarms()
    differences, cannot_tell = true_differences()
    skewed = [(one.p_values <= SEEN_BELOW).mean() for one in diaries(200, 30, 0.3, 0.5, share=0.25, skewed=True)]
    text = TEXT.format(
        least_of_each=LEAST_OF_EACH,
        least_days=LEAST_DAYS,
        share=f"{100 * SHARE_FELT:.0f}",
        alarms=alarms,
        lowest=f"{min(rates):.1f}",
        highest=f"{max(rates):.1f}",
        skewed=percent(skewed),
        ways=ways(),
        weekends=weekends(),
        unlike=f"{UNLIKE_FROM:.0f}",
        differences=differences,
        cannot_tell=cannot_tell,
        tests=2 * NUTRIENTS,
    )
    print(text)
    print(f"{time.process_time() - started:.0f} s CPU")
    REPORT.write_text(text, encoding="utf-8")


TEXT = """# How often the comparison of symptom days is wrong

Written by `python bench/symptoms.py` from made-up diaries with fixed seeds. {tests} comparisons a diary: ten nutrients,
on the day itself and the day before. Intakes are alike from day to day (first-order autocorrelation 0, 0.3, 0.6), and
so are symptoms (correlation of neighbouring days 0, or 0.5: runs of days); they are felt on {share} % of the days. A
comparison is made from {least_of_each} days with, {least_of_each} without and {least_days} in all. What is measured
stands in [symptoms.md](symptoms.md). ± is one standard error of the simulation.

## Where there is nothing to see
*Single*: tests with p of at most 0.05, in %; 5 would be right, the aim is 3.5 to 6.5. *Family*: diaries in which any of
the {tests} is below 0.05 after Holm. *Shown*: diaries in which the report says "differs", which it says only where it
has the power to. *Interval*: 95 % intervals that hold the truth.

| days | intakes alike | symptom runs | single [%] | family [%] | shown [%] | interval [%] |
|---:|---:|---:|---:|---:|---:|---:|
{alarms}

Single tests lie between {lowest} and {highest} %. Skewed intakes (lognormal, 30 days, a quarter of them felt, 0.3 and
0.5): {skewed} %.

## Why days are rearranged like this
Intakes 0.6, nothing to see; 5 % would be right. The smallest p-value decides whether anything can be
left after Holm, which asks for 0.05/{tests}.

| days | runs | way | single [%] | smallest p |
|---:|---:|---|---:|---|
{ways}

Shuffling freely sees what is not there. Shifting around the circle is right, and with as many shifts as days can never
see anything among {tests} comparisons. Blocks alone are better than shuffling, not good enough where runs are longer.

## Where weekends are behind both
No nutrient does anything; all are higher on Saturdays and Sundays, in standard deviations, and symptoms are felt on
more of these days. 90 days, intakes alike 0.3. *Shown*: diaries in which the report says "differs". The association is
there, and its reason is another: *named* are the diaries in which the report says of the days compared that they differ
by {unlike} percentage points or more in weekends.

| higher on weekends | felt on weekends [%] | single [%] | shown [%] | named |
|---:|---:|---:|---:|---:|
{weekends}

## Where one nutrient truly differs
On the day itself, by 0.5, 1 or 1.5 standard deviations of single days. *Seen*: p of at most 0.05 after Holm. *Power*:
what the report states, which is for a difference of 1. The three verdicts (differs, no difference seen, cannot tell)
add up to 100. *Interval*: 95 % intervals that hold the true difference. Half a standard deviation is missed more often
than seen even in 120 days: "no difference seen" is about large differences, and its interval says which still fit.

| days | alike, runs | difference | seen [%] | power [%] | differs [%] | none [%] | cannot tell [%] | interval [%] |
|---:|---|---:|---:|---:|---:|---:|---:|---:|
{differences}

{cannot_tell}
"""

if __name__ == "__main__":
    main()
