import { Get, Param, Query } from '@nestjs/common';
import { NO_NOTES, type Baseline } from '../domain/baseline.js';
import type { Model } from '../domain/model.js';
import type { FeatureProfile } from '../domain/profile.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import { heldAgainst, type RegisteredModel } from '../registry/registry.js';
import { shiftText } from '../pipeline/model-concerns.js';
import { longestSpan, performanceNames, readPerformance, readRealised } from '../pipeline/performance.js';
import { readConfusion } from '../pipeline/confusion.js';
import { readExpectations } from '../pipeline/expectations.js';
import { readSegments } from '../pipeline/segments.js';
import { readSlowCalls } from '../pipeline/slow-calls.js';
import { readService } from '../pipeline/service-points.js';
import { readMonitoring } from '../pipeline/monitoring.js';
import { misspeltText } from '../profiles/misspelt-text.js';
import { Service } from '../service.js';
import { featurePage, type FeaturePage } from './feature.page.js';
import { rankFeatures } from './feature-rank.js';
import { governanceFacts } from './governance-facts.js';
import type { PageContent } from './layout.js';
import { DRAWN } from './performance-section.js';
import { modelPage } from './model.page.js';
import {
  readHeatCells,
  readNewestResults,
  readPerformancePoints,
  readResultPoints,
  readSegmentResults,
  readWholeResults,
  readWindowPoints,
  shownPart,
  type WindowPoint,
} from './model.reads.js';
import { PageError } from './page-error.js';
import { Pages } from './pages.decorator.js';
import { type View, viewOf } from './view-options.js';

interface ViewQuery {
  readonly version?: unknown;
  readonly days?: unknown;
}

/** Windows held against the reference when nothing is wrong. */
const RECENT_WINDOWS = 24;
/** A comparison over more windows would hide what happens now. */
const MOST_WINDOWS_SHOWN = 168;

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

/** Pages of one model and of its features. */
@Pages('models')
export class ModelController {
  constructor(private readonly service: Service) {}

  @Get(':key')
  async model(@Param('key') key: string, @Query() query: ViewQuery): Promise<PageContent> {
    const { registry, database, incidents, options, spine, stages } = this.service;
    const registered = registry.load(key);
    const now = options.clock.now();
    const view = await shownPart(database, viewOf(registered, query, now));
    const [windows, newest, results, whole, ofSegments, heat, outcomes] = await Promise.all([
      readWindowPoints(database, view),
      readNewestResults(database, view),
      readPerformancePoints(database, view),
      readWholeResults(database, view),
      readSegmentResults(database, view),
      readHeatCells(database, view),
      this.outcomes(registered, view, now),
    ]);
    const standings = rankFeatures(newest);
    const own = incidents.list({ model: key });
    const { problem, faults, beyondLateness } = spine.standing(key);
    const shift = stages.arrivals.shiftOf(key);
    return modelPage({
      registered,
      view,
      windows,
      standings,
      results,
      ...outcomes,
      ofSegments,
      heat,
      whole,
      incidents: own,
      problem,
      faults,
      monitoring: await readMonitoring(stages, registered, spine.problems),
      beyondLateness,
      labels: stages.arrivals.labelsOf(key),
      misspelt: misspeltText(registered.model, stages.arrivals.misspeltOf(key)),
      shift: shift === null ? null : shiftText(shift),
      governance: governanceFacts(stages, registered.model, stages.clock.now()),
    });
  }

  /** What labels, calls and rows say of a version, and the notes of the reference it is held against. */
  private async outcomes(registered: RegisteredModel, { version, since }: View, now: Date) {
    const { model } = registered;
    const { outcomes, references } = this.service.stages;
    const baseline = await references.baselineOf(heldAgainst(registered, version));
    const sources = { outcomes, baseline };
    const range = readable(model, since, now);
    const span = { version, from: range.since, to: range.until };
    const drawn = performanceNames(model).filter((name) => DRAWN.includes(name));
    const service = await readService(outcomes, model, span);
    // The rows of the stretch are read where its minutes say that there is something to find.
    const isFound = service.some(({ failed, p99Ms }) => failed > 0 || p99Ms !== null);
    const slowAsked = { ...span, aboveMs: null, most: SLOWEST_SHOWN };
    const [metrics, confusion, slow, segments, expectations, ...others] = await Promise.all([
      readPerformance(sources, { model, version, segment: null, metrics: null, ...range, now }),
      model.task === 'regression' ? null : readConfusion(outcomes, model, span),
      isFound ? readSlowCalls(this.service.stages, { model, baseline }, slowAsked) : null,
      readSegments(sources, model, span),
      readExpectations(this.service.stages, registered, span, SHOWN_ROWS),
      ...versionsBeside(registered, version).map(async (other) =>
        readRealised(sources, { model, version: other, segment: null, metrics: drawn, ...range }),
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

  @Get(':key/features/:name')
  async feature(
    @Param('key') key: string,
    @Param('name') name: string,
    @Query() query: ViewQuery,
  ): Promise<PageContent> {
    const { registry, database, incidents, options, stages } = this.service;
    const registered = registry.load(key);
    const view = await shownPart(database, viewOf(registered, query, options.clock.now()));
    const baseline = await stages.references.baselineOf(heldAgainst(registered, view.version));
    const described = registered.model.features[name];
    const [results, windows] = await Promise.all([
      readResultPoints(database, view, name),
      readWindowPoints(database, view),
    ]);
    if (!described && !baseline?.features[name] && results.length === 0)
      throw new PageError(404, `The model "${key}" has no feature "${name}".`);
    const own = incidents.list({ model: key, version: view.version, feature: name });
    const current = baseline
      ? await this.current(registered, { baseline, name, view, windows, incidents: own })
      : null;
    return featurePage({
      name,
      described,
      view,
      baseline: baseline?.features[name] ?? null,
      reference: baseline?.reference.features[name] ?? null,
      current,
      results,
      incidents: own,
    });
  }

  /** The values since the change that is open, else those of the newest windows. */
  private async current(
    registered: RegisteredModel,
    { baseline, name, view, windows, incidents }: Comparison,
  ): Promise<FeaturePage['current']> {
    const newest = windows.at(-1);
    if (!newest) return null;
    const { window } = registered.model;
    const open = incidents.find(
      ({ state, since, severity }) => state !== 'CLOSED' && severity !== 'info' && since !== null,
    );
    const start = open?.since?.getTime() ?? newest.to - RECENT_WINDOWS * window;
    const earliest = newest.to - MOST_WINDOWS_SHOWN * window;
    // A change found in the newest window starts at most there.
    const from = Math.min(Math.max(start, earliest), newest.from);
    const to = newest.to;
    const span = { version: view.version, from: new Date(from), to: new Date(to), widthMs: to - from };
    const merged = await this.service.stages.profiles.windows(registered.model.key, baseline.id, span);
    const profile: FeatureProfile | undefined = [...merged.values()][0]?.features[name];
    return profile ? { profile, from: span.from, to: span.to } : null;
  }
}

/** The newest windows of the range, as many as one answer reads. */
function readable(model: Model, since: Date, now: Date) {
  const until = new Date(now.getTime() + model.accepts.future);
  const earliest = until.getTime() - longestSpan(model);
  return { since: new Date(Math.max(since.getTime(), earliest)), until };
}

interface Comparison {
  readonly baseline: Baseline;
  readonly name: string;
  readonly view: View;
  readonly windows: readonly WindowPoint[];
  readonly incidents: readonly IncidentRecord[];
}
