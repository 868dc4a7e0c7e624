import { Get } from '@nestjs/common';
import { Clock } from '../domain/clock.js';
import { Database } from '../store/database.js';
import { deadLetterPage } from './dead-letter.page.js';
import { readRefusalCounts, readRefusals } from './dead-letter.reads.js';
import type { PageContent } from './layout.js';
import { Pages } from './pages.decorator.js';

const DAYS = 30;
const NEWEST = 100;

/** What was refused. */
@Pages('dead-letters', 'examine')
export class DeadLetterController {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  @Get()
  async deadLetters(): Promise<PageContent> {
    const { database, clock } = this;
    const since = new Date(clock.now().getTime() - DAYS * 86_400_000);
    const [counts, rows] = await Promise.all([
      readRefusalCounts(database, since),
      readRefusals(database, { since, limit: NEWEST }),
    ]);
    return deadLetterPage({ days: DAYS, counts, rows });
  }
}
