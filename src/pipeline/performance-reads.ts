import { groupStandings, selectionRules, type GroupStanding } from '../checks/group-standing.js';
import type { Baseline } from '../domain/baseline.js';
import type { Model } from '../domain/model.js';
import { labelledTo } from '../profiles/labelled-to.js';
import { inOneWindow, type Span } from '../profiles/merge-minutes.js';
import type { SlowCall } from '../profiles/outcomes.js';
import { heldAgainst, type RegisteredModel } from '../registry/registry.js';
import { isBeside } from '../registry/answering.js';
import { readConfusion, type ConfusionTable } from './confusion.js';
import { readExpectations, type ExpectationStanding } from './expectations.js';
import { judgedSegmentsOf, readJudged, type JudgedSegment, type JudgedSeries } from './judged-metrics.js';
import {
  MOST_DAYS_READ,
  readPerformance,
  readRealised,
  usualSpan,
  type MetricSeries,
  type PerformanceQuery,
} from './performance.js';
import { readSegments } from './segments.js';
import { readService, type ServicePoint } from './service-points.js';
import { readSlowCalls, type SlowCalls } from './slow-calls.js';
import type { Stages } from './stages.js';

type Stretch = Omit<Span, 'widthMs'>;
type Ground = Pick<Stages, 'database' | 'outcomes' | 'references'>;

/** How well a model does, by the labels that have come and by the calls of its service, for whoever looks. */
export class PerformanceReads {
  constructor(private readonly ground: Ground) {}

  /** The reference that a version is held against; null while there is none. */
  async baselineFor(registered: RegisteredModel, version: string): Promise<Baseline | null> {
    return this.ground.references.usableOf(heldAgainst(registered, version));
  }

  /** As `readPerformance` does. */
  async metrics(baseline: Baseline | null, query: PerformanceQuery): Promise<readonly MetricSeries[]> {
    return readPerformance({ outcomes: this.ground.outcomes, baseline }, query);
  }

  /** The same, with what the checks said of each. */
  async judged(baseline: Baseline | null, query: PerformanceQuery): Promise<readonly JudgedSeries[]> {
    return readJudged(this.ground.database, query.model.key, await this.metrics(baseline, query));
  }

  /** As `readRealised` does. */
  async realised(query: Omit<PerformanceQuery, 'now'>): Promise<readonly MetricSeries[]> {
    return readRealised(this.ground, query);
  }

  /** A stretch that is asked about for what labels say of it: where nobody named one, the newest that has them. */
  async labelled(
    model: Model,
    stretch: Stretch,
    { since, until }: { readonly since?: Date | null; readonly until?: Date | null },
  ): Promise<Stretch> {
    if (since || until) return stretch;
    const place = { model: model.key, version: stretch.version, widthMs: model.window };
    const found = usualSpan(model, await labelledTo(this.ground.database, place, MOST_DAYS_READ));
    return found ? { ...stretch, from: found.since, to: found.until } : stretch;
  }

  /** As `readConfusion` does. */
  async confusion({ model, versions }: RegisteredModel, stretch: Stretch): Promise<ConfusionTable> {
    const byRequest = isBeside(versions, stretch.version);
    return readConfusion(this.ground.outcomes, { model, byRequest }, stretch);
  }

  /** As `readSegments` does, with what the checks said of each. */
  async segments(
    baseline: Baseline | null,
    model: Model,
    stretch: Stretch,
  ): Promise<readonly JudgedSegment[]> {
    const standings = await readSegments({ outcomes: this.ground.outcomes, baseline }, model, stretch);
    return judgedSegmentsOf(this.ground.database, { model: model.key, ...stretch }, standings);
  }

  /** How the groups of protected attributes are answered. */
  async fairness(
    baseline: Baseline | null,
    model: Model,
    stretch: Stretch,
  ): Promise<readonly GroupStanding[]> {
    const rules = baseline ? selectionRules(baseline) : [];
    const asked = { baseline: baseline?.id ?? '', rules: rules.map(({ name }) => name) };
    const found = await this.ground.outcomes.measures(model, inOneWindow(stretch), asked);
    return groupStandings(rules, [...found.values()][0] ?? {});
  }

  /** As `readExpectations` does. */
  async expectations(
    registered: RegisteredModel,
    stretch: Stretch,
    examples: number,
  ): Promise<readonly ExpectationStanding[]> {
    return readExpectations(this.ground, registered, stretch, examples);
  }

  /** As `readService` does. */
  async service(model: Model, stretch: Stretch): Promise<readonly ServicePoint[]> {
    return readService(this.ground.outcomes, model, stretch);
  }

  /** The slowest calls of a stretch. */
  async slowest(model: Model, stretch: Stretch, most: number): Promise<readonly SlowCall[]> {
    return this.ground.outcomes.slowest(model, stretch, most);
  }

  /** As `readSlowCalls` does. */
  async slowCalls(
    of: { readonly model: Model; readonly baseline: Baseline | null },
    asked: Parameters<typeof readSlowCalls>[2],
  ): Promise<SlowCalls> {
    return readSlowCalls(this.ground, of, asked);
  }
}
