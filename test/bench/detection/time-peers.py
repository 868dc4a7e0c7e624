"""One peer judges the rows of an hour: what it is asked in on standard input, {version, prepared, seconds, cpu, drifted} out, as JSON.

Rows are read before any clock starts. `prepared` is what is done once a reference, `seconds` the better of two judgements, where one is
short, `cpu` those of all its threads; `drifted` is how many features it says drifted, null where it leaves that to others. Defaults of each peer, through its
documented interface."""

import json
import sys
import time
from importlib.metadata import version

import numpy as np

LONG = 20.0


def rows(file, features, every=1):
    return np.fromfile(file["path"], dtype="<f8").reshape(-1, len(features))[::every].copy()


def frame(values, names):
    import pandas as pd

    return pd.DataFrame(values, columns=names)


def timed(file, count, every=1):
    """Times of the rows: evenly spread over the hours of the file."""
    import pandas as pd

    step = file["hours"] * 3_600_000 / file["rows"]
    return pd.to_datetime(file["from"] + np.arange(count) * every * step, unit="ms")


def evidently(asked, reference, current):
    from evidently import Report
    from evidently.presets import DataDriftPreset

    names = asked["features"]
    before, now = frame(reference, names), frame(current, names)

    def judge():
        found = Report([DataDriftPreset()]).run(now, before).dict()
        return int(next(m["value"]["count"] for m in found["metrics"] if m["metric_name"].startswith("DriftedColumnsCount")))

    return None, judge


def nannyml(asked, reference, current):
    from nannyml import UnivariateDriftCalculator

    names = asked["features"]
    before, now = frame(reference, names), frame(current, names)
    before["ts"] = timed(asked["reference"], len(before), asked["every"])
    now["ts"] = timed(asked["current"], len(now))
    calculator = UnivariateDriftCalculator(column_names=names, timestamp_column_name="ts", chunk_period="h")

    def judge():
        found = calculator.calculate(now).filter(period="analysis").to_df()
        alerts = found.loc[:, (slice(None), slice(None), "alert")].to_numpy()
        return int(alerts.astype(bool).any(axis=0).sum())

    return lambda: calculator.fit(before), judge


def river(asked, reference, current):
    from copy import deepcopy

    from river.drift import ADWIN

    before, now = reference.T.tolist(), current.T.tolist()
    usual = [ADWIN() for _ in asked["features"]]

    def warm():
        for detector, stream in zip(usual, before):
            for value in stream:
                detector.update(value)

    def judge():
        drifted = 0
        for detector, stream in zip(map(deepcopy, usual), now):
            found = False
            for value in stream:
                detector.update(value)
                found = found or detector.drift_detected
            drifted += found
        return drifted

    return warm, judge


def scouter(asked, reference, current):
    from scouter.drift import Drifter, PsiDriftConfig

    names = asked["features"]
    before, now = frame(reference, names), frame(current, names)
    drifter, config = Drifter(), PsiDriftConfig()
    profiles = []

    def judge():
        # It answers with a PSI a feature; its server decides which of them alert.
        drifter.compute_drift(now, profiles[0]).features

    return lambda: profiles.append(drifter.create_drift_profile(before, config)), judge


def scipy(asked, reference, current):
    from scipy.stats import ks_2samp

    before, now = reference.T.copy(), current.T.copy()
    return None, lambda: sum(bool(ks_2samp(a, b).pvalue < 0.05) for a, b in zip(before, now))


PEERS = {
    "evidently": (evidently, "evidently"),
    "nannyml": (nannyml, "nannyml"),
    "river": (river, "river"),
    "scouter": (scouter, "scouter-ml"),
    "scipy": (scipy, "scipy"),
}


def clocked(act):
    """Seconds by the clock, and of processors; what it returned."""
    started, before = time.perf_counter(), time.process_time()
    value = act()
    return time.perf_counter() - started, time.process_time() - before, value


asked = json.load(sys.stdin)
make, package = PEERS[asked["peer"]]
reference = rows(asked["reference"], asked["features"], asked["every"])
prepare, judge = make(asked, reference, rows(asked["current"], asked["features"]))
prepared = clocked(prepare)[0] if prepare else None
seconds, cpu, drifted = clocked(judge)
if seconds < LONG:
    seconds, cpu, drifted = min((seconds, cpu, drifted), clocked(judge), key=lambda one: one[0])
print()
print(json.dumps({"version": version(package), "prepared": prepared, "seconds": seconds, "cpu": cpu, "drifted": drifted}))
