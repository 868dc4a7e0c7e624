"""NannyML's distances between pairs of samples: {name: [[reference, current], ...]} in, {name: [value, ...]} out."""

import json
import sys

import pandas as pd
from nannyml.chunk import DefaultChunker
from nannyml.drift.univariate.methods import KolmogorovSmirnovStatistic, WassersteinDistance
from nannyml.thresholds import ConstantThreshold

METHODS = {"kolmogorovSmirnov": KolmogorovSmirnovStatistic, "wassersteinDistance": WassersteinDistance}


def distance(make, reference, current):
    method = make(display_name="x", column_name="x", chunker=DefaultChunker(), threshold=ConstantThreshold(), computation_params={})
    return float(method.fit(pd.Series(reference)).calculate(pd.Series(current)))


asked = json.load(sys.stdin)
json.dump({name: [distance(METHODS[name], a, b) for a, b in pairs] for name, pairs in asked.items()}, sys.stdout)
