"""Drifts river reports on streams given on standard input: {detector: [[[value, ...]], ...]} in, {detector: [[index, ...], ...]} out."""

import json
import sys

from river import drift
from river.drift import binary

MAKE = {
    "ADWIN": drift.ADWIN,
    "PageHinkley": drift.PageHinkley,
    "DDM": binary.DDM,
    "HDDM_A": binary.HDDMA,
    "HDDM_W": binary.HDDMW,
}


def drifts(name, stream):
    detector = MAKE[name]()
    found = []
    for i, value in enumerate(stream):
        detector.update(value)
        if detector.drift_detected:
            found.append(i)
    return found


asked = json.load(sys.stdin)
json.dump({name: [drifts(name, stream) for (stream,) in rows] for name, rows in asked.items()}, sys.stdout)
