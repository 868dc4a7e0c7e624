"""Fairlearn's gaps between groups: {"fairnessGaps": [[[tp, fp, fn, tn], ...], ...]} in, its five gaps a row out."""

import json
import sys

import numpy as np
from fairlearn import metrics

GAPS = [
    metrics.demographic_parity_ratio,
    metrics.demographic_parity_difference,
    metrics.equal_opportunity_difference,
    metrics.equalized_odds_difference,
    metrics.equalized_odds_ratio,
]
TRUTH, PREDICTED = [1, 0, 1, 0], [1, 1, 0, 0]


def gaps(*groups):
    truth = np.concatenate([np.repeat(TRUTH, cells) for cells in groups])
    predicted = np.concatenate([np.repeat(PREDICTED, cells) for cells in groups])
    group = np.repeat(np.arange(len(groups)), [sum(cells) for cells in groups])
    return [float(gap(truth, predicted, sensitive_features=group)) for gap in GAPS]


asked = json.load(sys.stdin)
json.dump({"fairnessGaps": [gaps(*groups) for groups in asked["fairnessGaps"]]}, sys.stdout)
