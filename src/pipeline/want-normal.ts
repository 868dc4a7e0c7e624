import { peopleNeeded } from '../approvals/approval-rules.js';
import type { CheckName } from '../domain/check-result.js';
import { CodedError } from '../domain/coded-error.js';
import type { Person } from '../domain/person.js';
import { reasonOf } from '../domain/reason.js';
import { minuteText } from '../domain/wording.js';
import { demandCase, noteCase } from '../incidents/case-commands.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import { IncidentRefusal } from '../incidents/incident-refusal.js';
import type { IncidentCase } from '../incidents/incidents.js';
import { leftOver, namedAlone, normalFindings } from '../incidents/normal-findings.js';
import type { WhyNormal } from '../notify/slack-normal-form.js';
import { neededFor } from './answer-approval.js';
import { askBaseline } from './ask-others.js';
import { decideMessages } from './decide-messages.js';
import { labelsOf } from './hold-back.js';
import { silenceFindings } from './silencing.js';
import type { Stages } from './stages.js';

/** What somebody calls normal is not told for this long; a new reference is what ends it for good. */
const NOT_TOLD_MS = 7 * 24 * 3_600_000;

/** What a person says of a case: that it is normal, and why. */
export interface NormalWish {
  readonly caseId: string;
  readonly reason: string;
  /** Checks that are normal as well, beside those of drift. */
  readonly checks: readonly CheckName[];
}

/** What became of it. */
export interface CalledNormal {
  /** In one line, for whoever said so. */
  readonly said: string;
  /** Under which others are asked whether it is the reference; null where it makes none. */
  readonly approval: string | null;
}

/** What of a case a wish is about. Throws ReasonMissing where it does not say why, and IncidentRefusal where nothing of it is open or what is named is not there. */
export function demandNormal(
  { members, id, state }: IncidentCase,
  { reason, checks }: NormalWish,
): readonly IncidentRecord[] {
  if (state === 'CLOSED') throw new IncidentRefusal('case_closed', `${id} is closed`, 'id');
  reasonOf(reason, 'reason', 'whoever is asked to agree, or misses a message, will ask');
  return normalFindings(members, checks);
}

/** What whoever calls a case normal is asked, and told of what follows. Throws an IncidentRefusal where there is no such case. */
export function askWhyNormal(
  stages: Pick<Stages, 'registry' | 'approvalRules' | 'incidents'>,
  caseId: string,
): WhyNormal {
  const found = demandCase(stages.incidents.case(caseId), caseId);
  const then = 'Others are asked whether the stretch in which it is there becomes the reference.';
  const quiet = needsYes(stages, found)
    ? 'Until they agree, all of it is told as before.'
    : 'What has drifted is not told for a week, or until they say no.';
  return { caseId, follows: `${then} ${quiet}`, namedAlone: namedAlone(found.members) };
}

/**
 * What somebody calls normal is to be the reference: the stretch in which all of it is there is frozen, and others are asked whether it comes into force. A click is little, so that one other person
 * is asked whatever the tier. Where the tier asks for a yes to another reference, it is told as before until that is there; else one silence keeps what was meant quiet for a week, or until others
 * say no. That there are too few rows is an answer, too. Throws ReasonMissing and IncidentRefusal.
 */
export async function wantNormal(stages: Stages, wish: NormalWish, who: Person): Promise<CalledNormal> {
  const found = demandCase(stages.incidents.case(wish.caseId), wish.caseId);
  const normal = demandNormal(found, wish);
  const silence = await written(stages, { wish, normal }, who);
  const stretch = stretchOf(normal);
  const words = `${minuteText(stretch.since)} to ${minuteText(stretch.until)} UTC`;
  const waits = needsYes(stages, found);
  const quiet = 'It is not told for a week';
  try {
    const id = await asked(stages, found, { wish, normal, stretch, silence }, who);
    const approval = stages.approvals.find(id);
    const others = approval ? neededFor(stages, approval) : 1;
    const people = others === 1 ? 'another person agrees' : `${others} other people agree`;
    return { said: `${words} is frozen as a reference. It comes into force once ${people}: approval ${id}, on the page Approvals. ${waits ? 'Until then it is told as before' : `${quiet}, or until somebody says no`}.`, approval: id }; // prettier-ignore
  } catch (error) {
    if (!(error instanceof CodedError) || error.retryable) throw error;
    return {
      said: `${words} makes no reference: ${error.message}. ${waits ? 'It is told as before' : quiet}.`,
      approval: null,
    };
  }
}

/** Writes down who said so and why and, where nobody has to agree first, keeps it quiet; returns the silence, null where there is none. */
async function written(
  stages: Stages,
  { wish, normal }: { readonly wish: NormalWish; readonly normal: readonly IncidentRecord[] },
  who: Person,
): Promise<string | null> {
  let silence: string | null = null;
  const reason = wish.reason.trim();
  await stages.ledger.transact((now) => {
    const found = demandCase(stages.incidents.case(wish.caseId), wish.caseId);
    const note = noteCase(
      { incidents: stages.incidents },
      { id: found.id, note: `this is normal: ${reason}` },
      who,
      now,
    );
    const loud = normal.filter((one) => stages.silences.silencedBy(labelsOf(stages, one), now) === null);
    const comment = `normal, says ${who.name}: ${reason}`;
    const made =
      needsYes(stages, found) || loud.length === 0
        ? null
        : silenceFindings(stages, found, { members: loud, ms: NOT_TOLD_MS, comment }, who, now);
    silence = made?.id ?? null;
    const entries = [...note.entries, ...(made ? [made.entry] : [])];
    return [...entries, ...decideMessages(stages, [], now, note.entries)];
  });
  return silence;
}

/** Whether another reference of its model takes the yes of others. */
function needsYes(
  { registry, approvalRules }: Pick<Stages, 'registry' | 'approvalRules'>,
  { model }: IncidentCase,
): boolean {
  return peopleNeeded(approvalRules, 'BASELINE', registry.tierOf(model)) > 0;
}

interface Asked {
  readonly wish: NormalWish;
  readonly normal: readonly IncidentRecord[];
  readonly stretch: Stretch;
  readonly silence: string | null;
}

async function asked(
  stages: Stages,
  { id, model: key, version, members }: IncidentCase,
  { wish, normal, stretch, silence }: Asked,
  { actor, name }: Person,
): Promise<string> {
  const { model, ownBaselines } = stages.registry.load(key);
  const own = ownBaselines.has(version) ? version : null;
  const beside = leftOver(members, normal);
  const also = beside === null ? '' : `; beside it stands what nobody calls normal: ${beside}`;
  const reason = `what ${id} found is normal, says ${name}: ${wish.reason.trim()}${also}`;
  return askBaseline(stages, model, { source: stretch, actor, version: own, reason }, silence);
}

interface Stretch {
  readonly since: Date;
  readonly until: Date;
}

/** In which all of it is there: rows of before the last of it began are of another normal. */
function stretchOf(normal: readonly IncidentRecord[]): Stretch {
  const courses = normal.map(({ course }) => course);
  return {
    since: new Date(Math.max(...courses.map(({ onset }) => onset.getTime()))),
    until: new Date(Math.max(...courses.map(({ lastAt }) => lastAt.getTime()))),
  };
}
