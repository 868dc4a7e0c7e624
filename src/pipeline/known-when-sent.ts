import type { CaseMessage, TouchedModel } from '../domain/case-message.js';
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
  const touched = await touchedMeanwhile(sources, message);
  const asksTraining = waitingTraining(sources, model, caseId) !== undefined;
  const known = { ...briefing, asksTraining, decisions: decisions ?? briefing.decisions };
  return withCost(sources, { ...message, ...touched, briefing: known });
}

/** Answers from the onset of the leading finding to the end of the newest window that shows it: rows that wait to be judged, or to have labels, are none of it. Of the segment that the message is about, else of the whole version. Null where nobody knows. */
async function decisionsMeanwhile(sources: KnownSources, message: CaseMessage): Promise<number | null> {
  const { model, version, since, findings } = message;
  if (since === null) return null;
  const segment = findings[0]?.segment ?? '';
  return decisionsIn(sources, { model, version, segment, from: new Date(since), to: endOfChange(message) });
}

/** The same of the other models that the case is about: of all their answers. */
async function touchedMeanwhile(
  sources: KnownSources,
  { alsoTouches }: CaseMessage,
): Promise<Pick<CaseMessage, 'alsoTouches'>> {
  if (!alsoTouches) return {};
  const counted = async (one: TouchedModel): Promise<TouchedModel> => {
    const stretch = { from: new Date(one.since), to: new Date(one.until) };
    const decisions = await decisionsIn(sources, { ...one, segment: '', ...stretch });
    return { ...one, decisions: decisions ?? one.decisions };
  };
  return { alsoTouches: await Promise.all(alsoTouches.map(counted)) };
}

/** Whose answers are counted, and when. */
interface Answered {
  readonly model: string;
  readonly version: string;
  readonly segment: string;
  readonly from: Date;
  readonly to: Date;
}

async function decisionsIn(
  { registry, references, outcomes }: KnownSources,
  { model: key, version, segment: of, from, to }: Answered,
): Promise<number | null> {
  const registered = registry.find(key);
  if (!registered) return null;
  const baseline = of === '' ? null : await references.usableOf(heldAgainst(registered, version));
  const segment = segmentsOf(baseline).get(of) ?? null;
  if (of !== '' && segment === null) return null;
  const minute = new Date(Math.floor(from.getTime() / MINUTE) * MINUTE);
  const [whole] = (await outcomes.windows(registered.model, inOneWindow({ version, from: minute, to }), segment)).values(); // prettier-ignore
  return whole?.answered ?? null;
}

/**
 * Until when what leads a message was there, event time: to the end of the windows that the message says show it, so that the number is of what is told beside it. What is told of labels ends where labels do, which may be
 * days before the newest window; it only grows while they come.
 */
function endOfChange({ briefing, since, findings: [leading] }: CaseMessage): Date {
  return new Date(briefing?.ended?.at ?? leading?.seen?.to ?? since ?? 0);
}
