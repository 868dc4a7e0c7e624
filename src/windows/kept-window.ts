import type { BookedVersion, KeptWindow } from './booked-version.js';
import type { StoredWindow } from './window.repository.js';

/** A judgement beside what was kept of its window before. */
export function kept(booked: BookedVersion, window: StoredWindow): KeptWindow {
  const old = booked.get(window.from);
  const labels = window.track === 'labels';
  const truths = booked.truthsOf(window.from);
  // Of labels that an earlier process judged the store says what they said.
  const judged = window.truths ? window.truths : truths;
  return {
    from: window.from,
    revision: Math.max(window.revision, old?.revision ?? 0),
    predictions: window.predictions,
    labelled: Math.max(window.labelled, old?.labelled ?? 0),
    truths,
    judgedLabels: labels ? window.labelled : (old?.judgedLabels ?? null),
    judgedTruths: labels ? judged : (old?.judgedTruths ?? null),
  };
}
