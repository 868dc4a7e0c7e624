import { Injectable } from '@nestjs/common';
import { NO_NOTES } from '../domain/baseline.js';
import type { Model } from '../domain/model.js';
import { longestSpan, performanceNames } from '../pipeline/performance.js';
import { PerformanceReads } from '../pipeline/performance-reads.js';
import { isBeside } from '../registry/answering.js';
import type { RegisteredModel } from '../registry/registry.js';
import { DRAWN } from './performance-section.js';
import type { View } from './view-options.js';

/** Rows shown beside an expectation that they break. */
const SHOWN_ROWS = 3;

/** Versions drawn beside the one that is shown. */
const MOST_BESIDE = 2;

/** The versions that were heard of last, without the one that is shown. */
function versionsBeside({ versions }: RegisteredModel, shown: string): readonly string[] {
  const others = versions.filter(({ version }) => version !== shown);
  return others
    .toSorted((a, b) => b.knownSince.getTime() - a.knownSince.getTime())
    .slice(0, MOST_BESIDE)
    .map(({ version }) => version);
}

/** Slowest calls shown. */
const SLOWEST_SHOWN = 5;

/** How well a version does, for its page. */
@Injectable()
export class ModelOutcomes {
  constructor(private readonly reads: PerformanceReads) {}

  /** What labels, calls and rows say of a version, and the notes of the reference it is held against. */
  async of(registered: RegisteredModel, { version, since }: View, now: Date) {
    const { model } = registered;
    const { reads } = this;
    const baseline = await reads.baselineFor(registered, version);
    const range = readable(model, since, now);
    const span = { version, from: range.since, to: range.until };
    const drawn = performanceNames(model).filter((name) => DRAWN.includes(name));
    const service = await reads.service(model, span);
    // The rows of the stretch are read where its minutes say that there is something to find.
    const isFound = service.some(({ failed, p99Ms }) => failed > 0 || p99Ms !== null);
    const slowAsked = { ...span, aboveMs: null, most: SLOWEST_SHOWN };
    const [metrics, confusion, slow, segments, expectations, ...others] = await Promise.all([
      reads.metrics(baseline, {
        model,
        version,
        segment: null,
        metrics: null,
        byRequest: isBeside(registered.versions, version),
        ...range,
        now,
      }),
      model.task === 'regression' ? null : reads.confusion(registered, span),
      isFound ? reads.slowCalls({ model, baseline }, slowAsked) : null,
      reads.segments(baseline, model, span),
      reads.expectations(registered, span, SHOWN_ROWS),
      ...versionsBeside(registered, version).map(async (other) =>
        reads.realised({ model, version: other, segment: null, metrics: drawn, ...range }),
      ),
    ]);
    return {
      metrics,
      confusion,
      others: others.flat(),
      service,
      slow,
      segments,
      expectations,
      notes: baseline?.notes ?? NO_NOTES,
    };
  }
}

/** The newest windows of the range, as many as one answer reads. */
function readable(model: Model, since: Date, now: Date) {
  const until = new Date(now.getTime() + model.accepts.future);
  const earliest = until.getTime() - longestSpan(model);
  return { since: new Date(Math.max(since.getTime(), earliest)), until };
}
