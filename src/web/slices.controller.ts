import { Get, Param, Query } from '@nestjs/common';
import { spanOf } from '../pipeline/performance.js';
import { findWeakSlices } from '../pipeline/weak-slices.js';
import { Service } from '../service.js';
import type { PageContent } from './layout.js';
import { Pages } from './pages.decorator.js';
import { slicesPage } from './slices.page.js';
import { viewOf } from './view-options.js';

/** Where a model is weak and nobody looked. */
@Pages('models')
export class SlicesController {
  constructor(private readonly service: Service) {}

  @Get(':key/slices')
  async slices(
    @Param('key') key: string,
    @Query() { pairs, version }: { readonly pairs?: unknown; readonly version?: unknown },
  ): Promise<PageContent> {
    const { registry, options, stages } = this.service;
    const registered = registry.load(key);
    const now = options.clock.now();
    const view = viewOf(registered, { version }, now);
    const { since, until } = spanOf(registered.model, { since: null, until: null }, now);
    const asked = { version: view.version, from: since, to: until, pairs: pairs === 'yes' };
    const slices = await findWeakSlices(stages, registered, asked);
    return slicesPage({ model: key, version: view.version, since, until, pairs: asked.pairs, slices });
  }
}
