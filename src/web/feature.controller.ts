import { Get, Param, Query } from '@nestjs/common';
import type { Baseline } from '../domain/baseline.js';
import { Clock } from '../domain/clock.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import { ModelReads } from '../pipeline/model-reads.js';
import { PerformanceReads } from '../pipeline/performance-reads.js';
import { Registry, type RegisteredModel } from '../registry/registry.js';
import { Database } from '../store/database.js';
import { featurePage, gravestOpen, type FeaturePage } from './feature.page.js';
import type { PageContent } from './layout.js';
import {
  readResultPoints,
  readWindowPoints,
  shownPart,
  type ResultPoint,
  type WindowPoint,
} from './model.reads.js';
import { isToldByMean } from './numbers-now.js';
import { PageError } from './page-error.js';
import { Pages } from './pages.decorator.js';
import { type View, viewOf, type ViewQuery } from './view-options.js';

/** Windows held against the reference when nothing is wrong. */
const RECENT_WINDOWS = 24;
/** A comparison over more windows would hide what happens now. */
const MOST_WINDOWS_SHOWN = 168;

/** The pages of the features of a model. */
@Pages('models')
export class FeatureController {
  constructor(
    private readonly registry: Registry,
    private readonly database: Database,
    private readonly reads: ModelReads,
    private readonly performance: PerformanceReads,
    private readonly clock: Clock,
  ) {}

  @Get(':key/features/:name')
  async feature(
    @Param('key') key: string,
    @Param('name') name: string,
    @Query() query: ViewQuery,
  ): Promise<PageContent> {
    const { database, reads } = this;
    const registered = this.registry.load(key);
    const view = await shownPart(database, viewOf(registered, query, this.clock.now()));
    const baseline = await this.performance.baselineFor(registered, view.version);
    const described = registered.model.features[name];
    const [results, windows] = await Promise.all([
      readResultPoints(database, view, name),
      readWindowPoints(database, view),
    ]);
    if (!described && !baseline?.features[name] && results.length === 0)
      throw new PageError(404, `The model "${key}" has no feature "${name}".`);
    const own = reads.incidentsOf({ model: key, version: view.version, feature: name });
    const told = own.some((one) => one.state !== 'CLOSED' && isToldByMean(one));
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
      results: told ? await this.withTrueLevels(view, name, results) : results,
      incidents: own,
    });
  }

  /** The levels on the scale of what is open, and of its picture: that of the bins ends where they do. */
  private async withTrueLevels(
    { model, version }: View,
    feature: string,
    results: readonly ResultPoint[],
  ): Promise<readonly ResultPoint[]> {
    const isLevel = ({ check, statistic }: ResultPoint) =>
      check === 'feature_drift' && statistic === 'location';
    const points = results.filter(isLevel).map(({ from, effect }) => ({ at: new Date(from), value: effect }));
    const means = await this.reads.trueMeans({ model, version, feature }, points);
    const byWindow = new Map(means.map(({ at, value }) => [at.getTime(), value]));
    return results.map((one) =>
      isLevel(one) ? { ...one, effect: byWindow.get(one.from) ?? one.effect } : one,
    );
  }

  /** The values since the change that is open, else those of the newest windows. */
  private async current(
    registered: RegisteredModel,
    { baseline, name, view, windows, incidents }: Comparison,
  ): Promise<FeaturePage['current']> {
    const newest = windows.at(-1);
    if (!newest) return null;
    const { window } = registered.model;
    const open = gravestOpen(incidents.filter(({ since }) => since !== null));
    const start = open?.since?.getTime() ?? newest.to - RECENT_WINDOWS * window;
    const earliest = newest.to - MOST_WINDOWS_SHOWN * window;
    // A change found in the newest window starts at most there.
    const from = Math.min(Math.max(start, earliest), newest.from);
    const to = newest.to;
    const span = { version: view.version, from: new Date(from), to: new Date(to), widthMs: to - from };
    const profile = await this.reads.featureOf(registered.model.key, baseline, span, name);
    return profile ? { profile, from: span.from, to: span.to } : null;
  }
}

interface Comparison {
  readonly baseline: Baseline;
  readonly name: string;
  readonly view: View;
  readonly windows: readonly WindowPoint[];
  readonly incidents: readonly IncidentRecord[];
}
