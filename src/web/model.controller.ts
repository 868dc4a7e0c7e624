import { Get, Param, Query } from '@nestjs/common';
import { ModelReads } from '../pipeline/model-reads.js';
import { Registry } from '../registry/registry.js';
import { Database } from '../store/database.js';
import { FleetWatch, GAPS_KNOWN_MS } from './fleet-watch.js';
import { ModelOutcomes } from './model-outcomes.js';
import { rankFeatures } from './feature-rank.js';
import type { PageContent } from './layout.js';
import { modelPage } from './model.page.js';
import {
  readHeatCells,
  readJudgedTo,
  readNewestResults,
  readPerformancePoints,
  readSegmentResults,
  readWholeResults,
  readWindowPoints,
  shownPart,
} from './model.reads.js';
import { Pages } from './pages.decorator.js';
import { viewOf, type ViewQuery } from './view-options.js';

/** The page of one model. */
@Pages('models')
export class ModelController {
  constructor(
    private readonly registry: Registry,
    private readonly database: Database,
    private readonly reads: ModelReads,
    private readonly outcomes: ModelOutcomes,
    private readonly watch: FleetWatch,
  ) {}

  @Get(':key')
  async model(@Param('key') key: string, @Query() query: ViewQuery): Promise<PageContent> {
    const { database, reads } = this;
    const registered = this.registry.load(key);
    const { model } = registered;
    const now = this.watch.now();
    const view = await shownPart(database, viewOf(registered, query, now));
    const gapsSince = new Date(now.getTime() - GAPS_KNOWN_MS);
    const [windows, newest, results, whole, ofSegments, heat, outcomes, stopped] = await Promise.all([
      readWindowPoints(database, view),
      readNewestResults(database, view),
      readPerformancePoints(database, view),
      readWholeResults(database, view),
      readSegmentResults(database, view),
      readHeatCells(database, view),
      this.outcomes.of(registered, view, now),
      this.watch.stopped([registered], gapsSince, now),
    ]);
    const judgedTo = windows.at(-1)?.to ?? (await readJudgedTo(database, view));
    const standings = rankFeatures(newest);
    const { problem, faults, beyondLateness, unsummed } = reads.standing(key);
    return modelPage({
      registered,
      view,
      windows,
      judgedTo,
      silentSince: stopped.get(key) ?? null,
      standings,
      results,
      ...outcomes,
      ofSegments,
      heat,
      whole,
      incidents: reads.incidentsOf({ model: key }),
      changes: reads.changesOf(key),
      problem,
      faults,
      monitoring: await reads.monitoring(registered),
      beyondLateness,
      unsummed,
      ...reads.arrivalsOf(model),
      governance: reads.governanceOf(model),
    });
  }
}
