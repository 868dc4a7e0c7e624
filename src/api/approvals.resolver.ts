import { Args, Query, Resolver } from '@nestjs/graphql';
import { riskTier } from '../domain/model.js';
import type { LedgerEntry } from '../domain/ledger-entry.js';
import { Service } from '../service.js';
import { Needs } from './access.js';

type ApprovalState = 'PENDING' | 'APPROVED' | 'DECLINED';

interface Decision {
  readonly by: string;
  readonly at: Date;
  readonly isYes: boolean;
  readonly note: string | null;
  readonly seq: number;
}

/** What a second person was asked to say yes or no to. */
interface Approval {
  readonly id: string;
  readonly kind: 'TRAINING' | 'PROMOTION';
  readonly state: ApprovalState;
  readonly model: string;
  readonly tier: string;
  readonly summary: string;
  readonly askedBy: string;
  readonly askedAt: Date;
  readonly decision: Decision | null;
  /** Whoever asked may not be the one who says yes. */
  readonly fourEyes: boolean;
}

const ACTIONS = {
  TRAINING: ['retraining.proposed', 'retraining.approved', 'retraining.declined'],
  PROMOTION: [
    'retraining.promotion_proposed',
    'retraining.promotion_approved',
    'retraining.promotion_declined',
  ],
} as const;
const MOST = 10_000;

/** Decisions that a second person makes, from the ledger: who asked, who said yes or no, and why. */
@Resolver('Approval')
@Needs('read')
export class ApprovalsResolver {
  constructor(private readonly service: Service) {}

  @Query('approvals')
  async approvals(@Args('states') states?: readonly ApprovalState[]): Promise<readonly Approval[]> {
    const found = [...(await this.ofKind('TRAINING')), ...(await this.ofKind('PROMOTION'))];
    return found
      .filter(({ state }) => states?.includes(state) ?? true)
      .toSorted((a, b) => b.askedAt.getTime() - a.askedAt.getTime());
  }

  private async ofKind(kind: Approval['kind']): Promise<readonly Approval[]> {
    const [proposed, approved] = ACTIONS[kind];
    const entries = await this.service.ledger.read({ actions: ACTIONS[kind], limit: MOST });
    const own = entries.filter(({ isRefused }) => !isRefused);
    return own
      .filter(({ action }) => action === proposed)
      .flatMap((asked) => {
        const decided = own.find(
          ({ action, subject, seq }) =>
            action !== proposed && subject.id === asked.subject.id && seq > asked.seq,
        );
        return this.approvalOf(kind, asked, decided ? this.decisionOf(decided, approved) : null) ?? [];
      });
  }

  private approvalOf(kind: Approval['kind'], asked: LedgerEntry, decision: Decision | null): Approval | null {
    const { registry, names, stages } = this.service;
    const story = stages.retrainings.story(asked.subject.id);
    const model = story && registry.find(story.model)?.model;
    if (!model) return null;
    const tier = riskTier(model.risk);
    return {
      id: asked.subject.id,
      kind,
      state: decision === null ? 'PENDING' : decision.isYes ? 'APPROVED' : 'DECLINED',
      model: model.key,
      tier,
      summary: story.cause.summary,
      askedBy: names.of(story.askedBy),
      askedAt: asked.at,
      decision,
      fourEyes: tier === 'HIGH',
    };
  }

  private decisionOf({ actor, at, action, data, seq }: LedgerEntry, yes: string): Decision {
    const note = typeof data['note'] === 'string' && data['note'] !== '' ? data['note'] : null;
    return { by: this.service.names.of(actor.id), at, isYes: action === yes, note, seq };
  }
}
