import { createHash } from 'node:crypto';
import { countText } from '../domain/wording.js';
import type { LedgerNotice } from '../domain/ledger-notice.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import { planNotice } from '../notify/plan-notice.js';
import type { Stages } from './stages.js';

type Parts = Pick<Stages, 'ledger' | 'refusals' | 'deliveries' | 'channels' | 'baseUrl'>;

/** Records rows that are not this service's, and tells the operators of them and of a log that is not intact: each thing once. */
export function tellLedger(stages: Parts, now: Date): readonly NewEntry[] {
  const { ledger, refusals } = stages;
  const recorded = refusals.record(ledger.refused, now);
  const [first] = refusals.unrecorded(ledger.refused);
  const refused =
    first === undefined
      ? []
      : toldOperators(
          stages,
          `refused:${first.hash}`,
          `${countText(recorded.length)} of its entries were not written by this service (the first is ${first.seq}, ${first.action}): somebody wrote the database. They are shown and not obeyed; look at them with tidewatch audit refusals`,
          now,
        );
  const broken =
    ledger.problem === null ? [] : toldOperators(stages, `broken:${ledger.problem}`, `${ledger.problem}. Export it and compare it with the checkpoints that were published elsewhere`, now); // prettier-ignore
  return [...recorded, ...refused, ...broken];
}

/** Part of addresses of mails, so short and of few characters. */
function short(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Tells the operators once, by `what` it is, of something that the log or what it proves is not as it should be. */
export function toldOperators(
  { channels, deliveries, baseUrl }: Pick<Stages, 'deliveries' | 'channels' | 'baseUrl'>,
  what: string,
  summary: string,
  now: Date,
  about: Pick<LedgerNotice, 'about'> = {},
): readonly NewEntry[] {
  const notice: LedgerNotice = {
    type: 'ledger_notice',
    at: now.toISOString(),
    summary,
    ...about,
    links: { audit: `${baseUrl}/audit` },
  };
  const audience = { caseId: null, channels: [], followersOnly: false };
  return planNotice({ notice, stream: `ledger:${short(what)}` }, audience, { channels, deliveries }, now);
}
