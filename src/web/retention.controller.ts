import { Get } from '@nestjs/common';
import { RetentionReads } from '../pipeline/retention-reads.js';
import { Erasures } from '../records/erasures.js';
import { Names } from '../registry/names.js';
import { Registry } from '../registry/registry.js';
import type { PageContent } from './layout.js';
import { Pages } from './pages.decorator.js';
import { retentionPage } from './retention.page.js';

const DELETIONS = 30;

/** For how long things are kept, what may not be deleted, and what was. */
@Pages('retention', 'audit')
export class RetentionController {
  constructor(
    private readonly reads: RetentionReads,
    private readonly registry: Registry,
    private readonly erasures: Erasures,
    private readonly names: Names,
  ) {}

  @Get()
  async page(): Promise<PageContent> {
    const { classes, terms, remarks, nextAt } = this.reads.report();
    return retentionPage({
      classes,
      own: this.registry.models().map(({ model }) => model),
      terms,
      remarks,
      holds: this.reads.holds(),
      erasures: this.erasures.list(),
      deletions: await this.reads.deletions({ newestFirst: true, limit: DELETIONS }),
      nextAt,
      nameOf: (id) => this.names.of(id),
    });
  }
}
