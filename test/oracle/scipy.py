"""Answers of SciPy to the arguments on standard input: {name: [[argument, ...], ...]} in, {name: [value, ...]} out."""

import json
import sys

import numpy as np
from scipy import linalg, special, stats
from scipy.spatial import distance


def shares(counts):
    counts = np.asarray(counts, dtype=float)
    return counts / counts.sum()


def table(a, b):
    both = np.array([a, b], dtype=float)
    return both[:, both.sum(axis=0) > 0]


ANSWERS = {
    "logGamma": special.gammaln,
    "lowerGammaRatio": special.gammainc,
    "upperGammaRatio": special.gammaincc,
    "betaRatio": lambda x, a, b: special.betainc(a, b, x),
    "betaQuantile": lambda p, a, b: special.betaincinv(a, b, p),
    "erf": special.erf,
    "erfc": special.erfc,
    "normalSurvival": stats.norm.sf,
    "normalQuantile": special.ndtri,
    "studentTSurvival": stats.t.sf,
    "chiSquaredSurvival": stats.chi2.sf,
    "chiSquaredQuantile": stats.chi2.ppf,
    "noncentralChiSquaredSurvival": stats.ncx2.sf,
    "kolmogorovSurvival": special.kolmogorov,
    "binomialSurvival": lambda k, n, p: stats.binom.sf(k - 1, n, p),
    "binomialMass": stats.binom.pmf,
    "poissonMass": stats.poisson.pmf,
    "scaledBesselK": special.kve,
    "millsRatio": lambda x: np.sqrt(np.pi / 2) * special.erfcx(x / np.sqrt(2)),
    "cramersV": lambda a, b: stats.contingency.association(table(a, b).astype(int), method="cramer"),
    "totalVariation": lambda a, b: distance.cityblock(shares(a), shares(b)) / 2,
    "eigenvalues": lambda *matrix: linalg.eigvalsh(matrix)[::-1],
    "jensenShannonDistance": lambda a, b: distance.jensenshannon(shares(a), shares(b), 2),
    "kullbackLeibler": lambda a, b: stats.entropy(shares(a), shares(b)),
    "chiSquaredTest": lambda a, b: stats.chi2_contingency(table(a, b), correction=False)[0],
    "chiSquaredTestP": lambda a, b: stats.chi2_contingency(table(a, b), correction=False)[1],
    "gTest": lambda a, b: stats.chi2_contingency(table(a, b), correction=False, lambda_="log-likelihood")[0],
    "kolmogorovSmirnov": lambda a, b: stats.ks_2samp(a, b, method="exact").statistic,
    "kolmogorovSmirnovP": lambda a, b: stats.ks_2samp(a, b, method="exact").pvalue,
    "wassersteinDistance": stats.wasserstein_distance,
    "energyDistance": stats.energy_distance,
    "cramerVonMises": lambda a, b: stats.cramervonmises_2samp(a, b, method="asymptotic").statistic,
    "andersonDarling": lambda a, b: stats.anderson_ksamp([a, b]).statistic,
    "mannWhitneyP": lambda a, b: stats.mannwhitneyu(a, b).pvalue,
    "welchP": lambda a, b: stats.ttest_ind(a, b, equal_var=False).pvalue,
}

with np.errstate(all="ignore"):
    import warnings

    warnings.simplefilter("ignore")
    asked = json.load(sys.stdin)
    json.dump({name: [np.asarray(ANSWERS[name](*row), dtype=float).tolist() for row in rows] for name, rows in asked.items()}, sys.stdout)
