"""scikit-learn's metrics: {name: [[argument, ...], ...]} in, {name: [answer, ...]} out."""

import json
import sys

import numpy as np
from sklearn import metrics
from sklearn.isotonic import IsotonicRegression


def isotonic(scores, labels, asked):
    return IsotonicRegression(out_of_bounds="clip").fit(scores, labels).predict(asked)


def confused(tp, fp, fn, tn):
    return np.repeat([1, 0, 1, 0], [tp, fp, fn, tn]), np.repeat([1, 1, 0, 0], [tp, fp, fn, tn])


def rates(*cells):
    truth, predicted = confused(*cells)
    return [
        metrics.accuracy_score(truth, predicted),
        metrics.precision_score(truth, predicted),
        metrics.recall_score(truth, predicted),
        metrics.balanced_accuracy_score(truth, predicted),
        metrics.matthews_corrcoef(truth, predicted),
        metrics.f1_score(truth, predicted),
    ]


def one_versus_rest(scores, labels):
    scores, labels = np.asarray(scores), np.asarray(labels)
    truth = np.eye(scores.shape[1])[labels]
    return [
        metrics.roc_auc_score(labels, scores, multi_class="ovr", average="macro"),
        metrics.roc_auc_score(labels, scores, multi_class="ovr", average="weighted"),
        metrics.average_precision_score(truth, scores, average="macro"),
        metrics.average_precision_score(truth, scores, average="weighted"),
    ]


ANSWERS = {
    "auc": lambda scores, labels: metrics.roc_auc_score(labels, scores),
    "brierScore": lambda scores, labels: metrics.brier_score_loss(labels, scores),
    "logLoss": lambda scores, labels: metrics.log_loss(labels, scores),
    "rates": rates,
    "isotonic": isotonic,
    "oneVersusRest": one_versus_rest,
    "rankingGain": lambda before, now: metrics.ndcg_score([before], [now]),
}

asked = json.load(sys.stdin)
json.dump({name: [np.asarray(ANSWERS[name](*row), dtype=float).tolist() for row in rows] for name, rows in asked.items()}, sys.stdout)
