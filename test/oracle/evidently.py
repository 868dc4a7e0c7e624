"""Evidently's statistics of pairs of samples or of histograms: {name: [[reference, current], ...]} in, {name: [value, ...]} out."""

import json
import sys

import numpy as np
import pandas as pd
from evidently.legacy.calculations.stattests import (
    anderson_darling_test,
    energy_dist_test,
    hellinger_stat_test,
    jensenshannon_stat_test,
    kl_div_stat_test,
    ks_stat_test,
    psi_stat_test,
    wasserstein_stat_test,
)
from evidently.legacy.core import ColumnType


def categories(counts):
    return pd.Series(np.repeat([f"c{i}" for i in range(len(counts))], counts))


def samples(test):
    return lambda a, b: test(pd.Series(a), pd.Series(b), ColumnType.Numerical, 0.05)


def histograms(test):
    return lambda a, b: test(categories(a), categories(b), ColumnType.Categorical, 0.05)


TESTS = {
    "andersonDarlingP": samples(anderson_darling_test),
    "energyDistance": samples(energy_dist_test),
    "kolmogorovSmirnovP": samples(ks_stat_test),
    "normedWasserstein": samples(wasserstein_stat_test),
    "psi": histograms(psi_stat_test),
    "jensenShannonDistance": histograms(jensenshannon_stat_test),
    "kullbackLeibler": histograms(kl_div_stat_test),
    "hellingerDistance": histograms(hellinger_stat_test),
}

asked = json.load(sys.stdin)
answers = {name: [float(TESTS[name](a, b).drift_score) for a, b in pairs] for name, pairs in asked.items()}
json.dump(answers, sys.stdout)
