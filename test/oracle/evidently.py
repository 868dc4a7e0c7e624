"""Evidently's statistics of pairs of samples: {name: [[reference, current], ...]} in, {name: [value, ...]} out."""

import json
import sys

import pandas as pd
from evidently.legacy.calculations.stattests import anderson_darling_test, energy_dist_test
from evidently.legacy.core import ColumnType

TESTS = {
    "andersonDarlingP": anderson_darling_test,
    "energyDistance": energy_dist_test,
}

asked = json.load(sys.stdin)
answers = {
    name: [
        float(TESTS[name](pd.Series(a), pd.Series(b), ColumnType.Numerical, 0.05).drift_score) for a, b in pairs
    ]
    for name, pairs in asked.items()
}
json.dump(answers, sys.stdout)
