"""Intervals and corrections of statsmodels: {name: [[argument, ...], ...]} in, {name: [answer, ...]} out."""

import json
import sys

from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint


def interval(method):
    return lambda successes, trials, confidence: proportion_confint(successes, trials, 1 - confidence, method)


ANSWERS = {
    "holm": lambda p: multipletests(p, method="holm")[1].tolist(),
    "benjaminiHochberg": lambda p: multipletests(p, method="fdr_bh")[1].tolist(),
    "wilsonInterval": interval("wilson"),
    "clopperPearsonInterval": interval("beta"),
    "jeffreysInterval": interval("jeffreys"),
    "newcombeDifference": lambda s, n, t, m, confidence: confint_proportions_2indep(
        s, n, t, m, method="newcomb", compare="diff", alpha=1 - confidence
    ),
    "impactRatio": lambda s, n, t, m, confidence: confint_proportions_2indep(
        s, n, t, m, method="log", compare="ratio", alpha=1 - confidence
    ),
}

asked = json.load(sys.stdin)
json.dump({name: [[float(x) for x in ANSWERS[name](*row)] for row in rows] for name, rows in asked.items()}, sys.stdout)
