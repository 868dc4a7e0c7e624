import type { Approval } from '../approvals/approval.js';
import { expiryOf } from '../approvals/decide-approval.js';
import type { ApprovalNotice } from '../domain/approval-notice.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import { countText, minuteText } from '../domain/wording.js';
import { planNotice, wasTold } from '../notify/plan-notice.js';
import { channelsOf, waysThrough } from '../notify/routes.js';
import { approvalTier, neededFor } from './answer-approval.js';
import type { Stages } from './stages.js';
import { versionAsked } from './want-champion.js';

/** How long after its end it is told that nobody decided: what ended long before this was set up is no news. */
const NEWS_MS = 24 * 3_600_000;

/**
 * Messages about what waits for a yes or no, and what expired, each once, to where the routes lead for the model, else to the channel called default.
 * Trainings and what they propose tell of themselves.
 */
export function tellApprovals(stages: Stages, now: Date): readonly NewEntry[] {
  const { approvals, retrainings, channels, deliveries } = stages;
  return approvals.list().flatMap((approval) => {
    const step = stepOf(approval, expiryOf(approval, stages.approvalRules), now);
    if (step === null || retrainings.story(approval.id)) return [];
    const stream = `approval:${approval.id}:${step}`;
    // Whom a policy is about is asked of every model: not at every beat for as long as it waits.
    if (wasTold(stream, deliveries)) return [];
    const audience = { caseId: null, channels: channelsFor(stages, approval, now), followersOnly: false };
    const notice = noticeOf(stages, approval, step);
    return planNotice({ notice, stream }, audience, { channels, deliveries }, now);
  });
}

function stepOf({ state }: Approval, expiry: Date, now: Date): ApprovalNotice['step'] | null {
  if (state === 'PENDING') return 'requested';
  return state === 'EXPIRED' && now.getTime() - expiry.getTime() < NEWS_MS ? 'expired' : null;
}

function channelsFor(
  stages: Pick<Stages, 'registry' | 'policies' | 'policyBook' | 'routes'>,
  approval: Approval,
  now: Date,
): readonly string[] {
  const known = stages.registry.find(approval.model ?? '')?.model;
  const labels = {
    model: known?.key ?? '',
    version: versionAsked(approval) ?? '',
    owner: known?.owner ?? '',
    tier: approvalTier(stages, approval),
    check: '',
    feature: '',
    segment: '',
    severity: 'info',
    policy: stages.policyBook.proposal(approval.id)?.id ?? '',
    environment: known?.environments ?? [],
  };
  return channelsOf(waysThrough(stages.routes, { labels, named: ['default'] }, now));
}

function noticeOf(
  stages: Pick<Stages, 'approvalRules' | 'baseUrl' | 'nameOf' | 'policies' | 'policyBook' | 'registry'>,
  approval: Approval,
  step: ApprovalNotice['step'],
): ApprovalNotice {
  const { id: approvalId, kind, model, summary: what, reason, askedBy, words, askedAt } = approval;
  const expiry = expiryOf(approval, stages.approvalRules);
  const needed = neededFor(stages, approval);
  const yes = countText(words.filter(({ isYes }) => isYes).length);
  const end = `${minuteText(expiry)} UTC`;
  const others = needed === 1 ? 'somebody else has' : `${countText(needed)} others have`;
  const summary =
    step === 'requested'
      ? `${stages.nameOf(askedBy.id)} asked, and ${others} to agree until ${end}: ${reason}`
      : `${yes} of ${countText(needed)} said yes until ${end}; nothing changed. It has to be asked anew`;
  const links = { approval: `${stages.baseUrl}/approvals/${encodeURIComponent(approvalId)}` };
  const at = (step === 'requested' ? askedAt : expiry).toISOString();
  const told = { step, at, expiresAt: expiry.toISOString(), summary, links };
  return { type: 'approval_notice', approvalId, kind, model, what, ...told };
}
