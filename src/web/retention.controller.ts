import { Get } from '@nestjs/common';
import { keepTermsOf } from '../limits-from.js';
import { recordClasses, retentionRemarks } from '../pipeline/retention-report.js';
import { Service } from '../service.js';
import type { PageContent } from './layout.js';
import { Pages } from './pages.decorator.js';
import { retentionPage } from './retention.page.js';

const DELETIONS = 30;

/** For how long things are kept, what may not be deleted, and what was. */
@Pages('retention', 'audit')
export class RetentionController {
  constructor(private readonly service: Service) {}

  @Get()
  async page(): Promise<PageContent> {
    const { registry, stages, options, retention, ledger, names } = this.service;
    const terms = keepTermsOf(options.config);
    const models = registry.models().map(({ model }) => model);
    const query = { actions: ['data.deleted'], newestFirst: true, limit: DELETIONS };
    return retentionPage({
      classes: recordClasses(terms),
      own: models,
      terms,
      remarks: retentionRemarks({
        models,
        holds: stages.legalHolds.inForce(),
        keep: terms.models,
        floors: terms.floors,
      }),
      holds: stages.legalHolds.list(),
      erasures: stages.erasures.list(),
      deletions: (await ledger.read(query)).filter(({ isRefused }) => !isRefused),
      nextAt: retention.nextAt,
      nameOf: (id) => names.of(id),
    });
  }
}
