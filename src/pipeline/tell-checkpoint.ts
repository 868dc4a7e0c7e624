import { countText } from '../domain/wording.js';
import type { LedgerNotice } from '../domain/ledger-notice.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import type { Checkpoints } from '../ledger/checkpoints.js';
import { planNotice } from '../notify/plan-notice.js';
import type { Stages } from './stages.js';

/** The channel that is told of signed checkpoints, where the channels file has it. */
const CHANNEL = 'checkpoints';

/**
 * The newest signed checkpoint, once a day, to a channel called `checkpoints`: a mailbox, a chat or a receiver that this service cannot rewrite keeps what the
 * log was. Whoever rolls the log back would have to find every copy.
 */
export function tellCheckpoint(
  { channels, deliveries, baseUrl }: Pick<Stages, 'channels' | 'deliveries' | 'baseUrl'>,
  { latest }: Pick<Checkpoints, 'latest'>,
  now: Date,
): readonly NewEntry[] {
  if (latest === null || !Object.hasOwn(channels, CHANNEL)) return [];
  const { size, root } = latest.head;
  const notice: LedgerNotice = {
    type: 'ledger_notice',
    at: now.toISOString(),
    summary: `keep this: the log of ${countText(size)} entries had the root ${root}. tidewatch audit verify --kept checks a later log against it`,
    checkpoint: { size, root, note: latest.note },
    links: { audit: `${baseUrl}/audit` },
  };
  const audience = { caseId: null, channels: [CHANNEL], followersOnly: false };
  const stream = `checkpoint:${now.toISOString().slice(0, 10)}`;
  return planNotice({ notice, stream }, audience, { channels, deliveries }, now);
}
