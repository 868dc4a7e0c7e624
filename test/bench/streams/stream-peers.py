"""One peer judges a stream of windows against its reference: the rows in on standard input, {version, alerts} out, as JSON. An alert is a live
window, counted from the first, and a feature. Defaults of each peer, through its documented interface; features of words are categories."""

import json
import sys
from importlib.metadata import version

import numpy as np
import pandas as pd

DAY = pd.Timedelta(days=1)
START = pd.Timestamp("2020-01-01")


def evidently(rows, kinds, first):
    from evidently import DataDefinition, Dataset, Report
    from evidently.presets import DataDriftPreset

    numeric = [name for name, kind in kinds.items() if kind == "numeric"]
    words = [name for name, kind in kinds.items() if kind == "categorical"]
    definition = DataDefinition(numerical_columns=numeric, categorical_columns=words)

    def dataset(part):
        return Dataset.from_pandas(part[list(kinds)], data_definition=definition)

    before = dataset(rows[rows.window < first])
    for window, part in rows[rows.window >= first].groupby("window"):
        found = Report([DataDriftPreset()], include_tests=True).run(dataset(part), before).dict()
        for test in found["tests"]:
            column = test["metric_config"]["params"].get("column")
            if column in kinds and str(test["status"]).endswith("FAIL"):
                yield window - first, column


def nannyml(rows, kinds, first):
    from nannyml import UnivariateDriftCalculator

    # Windows of any width are days to it: it cuts periods of the calendar only.
    order = rows.groupby("window").cumcount()
    count = rows.groupby("window")["window"].transform("size")
    dated = rows.assign(ts=START + rows.window * DAY + (order / count) * 0.99 * DAY)
    words = [name for name, kind in kinds.items() if kind == "categorical"]
    for name in words:
        dated[name] = dated[name].astype("category")
    calculator = UnivariateDriftCalculator(
        column_names=list(kinds), treat_as_categorical=words, timestamp_column_name="ts", chunk_period="D"
    )
    calculator.fit(dated[dated.window < first])
    found = calculator.calculate(dated[dated.window >= first]).filter(period="analysis").to_df()
    windows = (pd.to_datetime(found[("chunk", "chunk", "start_date")]) - START) // DAY - first
    for name in kinds:
        alerts = found[name].xs("alert", axis=1, level=-1).astype(bool).any(axis=1)
        for window in windows[alerts]:
            yield window, name


def river(rows, kinds, first):
    from river.drift import ADWIN

    for name in (name for name, kind in kinds.items() if kind == "numeric"):
        detector = ADWIN()
        for window, value in zip(rows.window, rows[name]):
            if value is None or np.isnan(value):
                continue
            detector.update(value)
            if window >= first and detector.drift_detected:
                yield window - first, name


PEERS = {"evidently": evidently, "nannyml": nannyml, "river": river}

asked = json.load(sys.stdin)
kinds = {column["name"]: column["kind"] for column in asked["columns"]}
rows = pd.DataFrame({"window": asked["windows"], **{column["name"]: column["values"] for column in asked["columns"]}})
for name, kind in kinds.items():
    rows[name] = rows[name].astype("float64" if kind == "numeric" else "object")
alerts = sorted({(int(window), name) for window, name in PEERS[asked["peer"]](rows, kinds, asked["referenceWindows"])})
print()
print(json.dumps({"version": version(asked["peer"]), "alerts": alerts}))
