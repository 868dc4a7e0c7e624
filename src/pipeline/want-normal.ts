import { CodedError } from '../domain/coded-error.js';
import type { Person } from '../domain/person.js';
import { minuteText } from '../domain/wording.js';
import type { IncidentCase } from '../incidents/incidents.js';
import { neededFor } from './answer-approval.js';
import { askBaseline } from './ask-others.js';
import type { Stages } from './stages.js';

/**
 * What somebody calls normal is to be the reference: the stretch from the earliest onset of the case to its last window is frozen, and others are asked
 * whether it comes into force. A click is little, so that one other person is asked whatever the tier. Returns one line for whoever clicked; that
 * there are too few rows is an answer, too.
 */
export async function wantNormal(stages: Stages, caseId: string, who: Person): Promise<string> {
  const found = stages.incidents.case(caseId);
  if (!found) return `There is no case ${caseId} any more.`;
  const stretch = stretchOf(found);
  const words = `${minuteText(stretch.since)} to ${minuteText(stretch.until)} UTC`;
  try {
    const id = await asked(stages, found, stretch, who);
    const approval = stages.approvals.find(id);
    const others = approval ? neededFor(stages, approval) : 1;
    const people = others === 1 ? 'another person agrees' : `${others} other people agree`;
    return `${words} is frozen as a reference. It comes into force once ${people}: approval ${id}, on the page Approvals.`;
  } catch (error) {
    if (!(error instanceof CodedError) || error.retryable) throw error;
    return `${words} makes no reference: ${error.message}`;
  }
}

async function asked(
  stages: Stages,
  { id, model: key, version }: IncidentCase,
  source: Stretch,
  { actor, name }: Person,
): Promise<string> {
  const { model, ownBaselines } = stages.registry.load(key);
  const own = ownBaselines.has(version) ? version : null;
  const reason = `what ${id} found is normal, says ${name} in Slack`;
  return askBaseline(stages, model, { source, actor, version: own, reason });
}

interface Stretch {
  readonly since: Date;
  readonly until: Date;
}

function stretchOf({ members }: IncidentCase): Stretch {
  const courses = members.map(({ course }) => course);
  return {
    since: new Date(Math.min(...courses.map(({ onset }) => onset.getTime()))),
    until: new Date(Math.max(...courses.map(({ lastAt }) => lastAt.getTime()))),
  };
}
