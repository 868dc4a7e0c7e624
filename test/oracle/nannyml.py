"""NannyML's distances, and what it expects without labels: {name: [[argument, ...], ...]} in, {name: [answer, ...]} out."""

import json
import sys

import numpy as np
import pandas as pd
from nannyml.chunk import DefaultChunker
from nannyml.drift.univariate import methods
from nannyml.performance_estimation.confidence_based import metrics
from nannyml.thresholds import ConstantThreshold


def distance(method, reference, current):
    fitted = method(chunker=DefaultChunker(), threshold=ConstantThreshold()).fit(reference.rename("x"))
    return fitted.calculate(current)


def samples(method):
    return lambda a, b: distance(method, pd.Series(a), pd.Series(b))


def histograms(method):
    def category(counts):
        return pd.Series(np.repeat([f"c{i}" for i in range(len(counts))], counts))

    return lambda a, b: distance(method, category(a), category(b))


def estimates(probabilities, predictions):
    c, predicted = np.array(probabilities), np.array(predictions)
    names = ["accuracy", "precision", "recall", "specificity", "f1"]
    return [float(getattr(metrics, f"estimate_{name}")(predicted, c)) for name in names]


ANSWERS = {
    "kolmogorovSmirnov": samples(methods.KolmogorovSmirnovStatistic),
    "wassersteinDistance": samples(methods.WassersteinDistance),
    "jensenShannonDistance": histograms(methods.CategoricalJensenShannonDistance),
    "hellingerDistance": histograms(methods.CategoricalHellingerDistance),
    "largestDifference": histograms(methods.LInfinityDistance),
    "chiSquaredTest": histograms(methods.Chi2Statistic),
    "cbpe": estimates,
    "cbpeAuc": lambda probabilities: metrics.estimate_roc_auc(np.array(probabilities), np.array(probabilities)),
}

asked = json.load(sys.stdin)
json.dump({name: [np.asarray(ANSWERS[name](*row), dtype=float).tolist() for row in rows] for name, rows in asked.items()}, sys.stdout)
