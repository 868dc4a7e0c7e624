import type { CaseMessage } from '../domain/case-message.js';
import type { Message } from '../domain/delivery.js';
import { inOneWindow } from '../profiles/merge-minutes.js';
import { heldAgainst } from '../registry/registry.js';
import { withCost, type CostSources } from './incident-cost.js';
import { segmentsOf } from './segments.js';
import type { Stages } from './stages.js';
import { waitingTraining } from './waiting-training.js';

/** What is read of a case when it is told. */
type KnownSources = CostSources & Pick<Stages, 'retrainings'>;

const MINUTE = 60_000;

/**
 * A message with what is known only when it is sent: the decisions made from the onset that it tells to the newest window that shows it, what they have cost, and whether a training waits for a yes or no. Messages that are
 * not about a case are as they were. Throws what the database throws.
 */
export async function knownWhenSent(sources: KnownSources, message: Message): Promise<Message> {
  return message.type === 'case' ? caseKnownNow(sources, message) : message;
}

/** The same of a case, for whoever looks at it now. */
export async function caseKnownNow(sources: KnownSources, message: CaseMessage): Promise<CaseMessage> {
  const decisions = await decisionsMeanwhile(sources, message);
  const { briefing, model, caseId } = message;
  if (!briefing) return withCost(sources, message);
  const asksTraining = waitingTraining(sources, model, caseId) !== undefined;
  const known = { ...briefing, asksTraining, decisions: decisions ?? briefing.decisions };
  return withCost(sources, { ...message, briefing: known });
}

/** Answers from the onset of the leading finding to the end of the newest window that shows it: rows that wait to be judged, or to have labels, are none of it. Of the segment that the message is about, else of the whole version. Null where nobody knows. */
async function decisionsMeanwhile(sources: KnownSources, message: CaseMessage): Promise<number | null> {
  const { registry, references, outcomes } = sources;
  const { model: key, version, since, findings } = message;
  const registered = registry.find(key);
  if (!registered || since === null) return null;
  const of = findings[0]?.segment ?? '';
  const baseline = of === '' ? null : await references.usableOf(heldAgainst(registered, version));
  const segment = segmentsOf(baseline).get(of) ?? null;
  if (of !== '' && segment === null) return null;
  const from = new Date(Math.floor(Date.parse(since) / MINUTE) * MINUTE);
  const to = endOfChange(message);
  const [whole] = (await outcomes.windows(registered.model, inOneWindow({ version, from, to }), segment)).values(); // prettier-ignore
  return whole?.answered ?? null;
}

/**
 * Until when what leads a message was there, event time: to the end of the windows that the message says show it, so that the number is of what is told beside it. What is told of labels ends where labels do, which may be
 * days before the newest window; it only grows while they come.
 */
function endOfChange({ briefing, since, findings: [leading] }: CaseMessage): Date {
  return new Date(briefing?.ended?.at ?? leading?.seen?.to ?? since ?? 0);
}
