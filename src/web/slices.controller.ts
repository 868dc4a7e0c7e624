import { Get, Param, Query } from '@nestjs/common';
import { Clock } from '../domain/clock.js';
import { spanOf } from '../pipeline/performance.js';
import { ModelReads } from '../pipeline/model-reads.js';
import { PerformanceReads } from '../pipeline/performance-reads.js';
import { Registry } from '../registry/registry.js';
import type { PageContent } from './layout.js';
import { Pages } from './pages.decorator.js';
import { slicesPage } from './slices.page.js';
import { viewOf } from './view-options.js';

/** Where a model is weak and nobody looked. */
@Pages('models')
export class SlicesController {
  constructor(
    private readonly registry: Registry,
    private readonly reads: ModelReads,
    private readonly performance: PerformanceReads,
    private readonly clock: Clock,
  ) {}

  @Get(':key/slices')
  async slices(
    @Param('key') key: string,
    @Query() { pairs, version }: { readonly pairs?: unknown; readonly version?: unknown },
  ): Promise<PageContent> {
    const registered = this.registry.load(key);
    const now = this.clock.now();
    const view = viewOf(registered, { version }, now);
    const { since: first, until: last } = spanOf(registered.model, { since: null, until: null }, now);
    const span = { version: view.version, from: first, to: last };
    const stretch = await this.performance.labelled(registered.model, span, {});
    const { from: since, to: until } = stretch;
    const asked = { ...stretch, pairs: pairs === 'yes' };
    const slices = await this.reads.weakSlices(registered, asked);
    return slicesPage({ model: key, version: view.version, since, until, pairs: asked.pairs, slices });
  }
}
