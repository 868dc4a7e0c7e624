import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { IncidentRecord } from '../incidents/incident-record.js';
import type { RequestPreview } from '../pipeline/preview-request.js';
import { RetrainingActions } from '../pipeline/retraining-actions.js';
import { RetrainingReads } from '../pipeline/retraining-reads.js';
import { Names } from '../registry/names.js';
import { Registry, type RegisteredModel } from '../registry/registry.js';
import { goesOnAt, lastWord } from '../retraining/last-word.js';
import type { TrainingOutlook } from '../retraining/outlook.js';
import type { Retraining } from '../retraining/retraining.js';
import { Retrainings } from '../retraining/retrainings.js';
import { shownState, type ShownState } from '../retraining/shown-state.js';
import type { RetrainingStory } from '../retraining/story.js';
import { actorOf } from '../registry/principal.js';
import { Needs } from './access.js';
import { connectionFrom, type Connection } from './connection.js';
import { demandModel } from './known.js';
import { userErrorsOf, type UserError } from './graphql-errors.js';
import type { ApiContext } from './request.js';
import type {
  QueryRetrainingArgs,
  QueryRetrainingPreviewArgs,
  QueryRetrainingsArgs,
  QueryWhyNotTrainedArgs,
  RetrainingApproveInput,
  RetrainingBreakerResetInput,
  RetrainingCancelInput,
  RetrainingRejectInput,
  RetrainingRequestInput,
} from './schema.generated.js';

interface RetrainingPayload {
  readonly retraining: RetrainingStory | null;
  readonly userErrors: readonly UserError[];
}

/** Training runs: what was wanted, what stopped it, what a person said, what became of it. */
@Resolver('Retraining')
@Needs('read')
export class RetrainingResolver {
  constructor(
    private readonly actions: RetrainingActions,
    private readonly reads: RetrainingReads,
    private readonly state: Retrainings,
    private readonly registry: Registry,
    private readonly names: Names,
  ) {}

  @Query('retrainings')
  retrainings(@Args() page: QueryRetrainingsArgs): Connection<RetrainingStory> {
    const { model, states } = page.filter ?? {};
    demandModel(model, this.registry.models());
    const found = this.state
      .history(model ?? null)
      .filter((story) => states?.includes(this.shownState(story)) ?? true);
    return connectionFrom(found, page, ({ id }) => id);
  }

  @Query('retraining')
  retraining(@Args('id') id: QueryRetrainingArgs['id']): RetrainingStory | null {
    return this.state.story(id) ?? null;
  }

  @Mutation('retrainingRequest')
  @Needs('operate')
  async request(
    @Args('input') input: RetrainingRequestInput,
    @Context() context: ApiContext,
  ): Promise<RetrainingPayload> {
    const { model, reason, incidents } = input;
    const actor = actorOf(context.req.principal);
    return change(async () => this.actions.request({ model, reason, incidents: incidents ?? [], actor }));
  }

  @Mutation('retrainingApprove')
  @Needs('approve')
  async approve(
    @Args('input') { id, note }: RetrainingApproveInput,
    @Context() context: ApiContext,
  ): Promise<RetrainingPayload> {
    const word = { id, note: note ?? '', actor: actorOf(context.req.principal), isYes: true };
    return this.said(id, async () => this.actions.answer(word));
  }

  @Mutation('retrainingReject')
  @Needs('approve')
  async reject(
    @Args('input') { id, note }: RetrainingRejectInput,
    @Context() context: ApiContext,
  ): Promise<RetrainingPayload> {
    const word = { id, note, actor: actorOf(context.req.principal), isYes: false };
    return this.said(id, async () => this.actions.answer(word));
  }

  @Mutation('retrainingCancel')
  @Needs('operate')
  async cancel(
    @Args('input') { id, note }: RetrainingCancelInput,
    @Context() context: ApiContext,
  ): Promise<RetrainingPayload> {
    const word = { id, note, actor: actorOf(context.req.principal) };
    return this.said(id, async () => this.actions.callOff(word));
  }

  @Query('whyNotTrained')
  whyNotTrained(@Args('model') model: QueryWhyNotTrainedArgs['model']): TrainingOutlook {
    return this.reads.outlook(model);
  }

  @Query('retrainingPreview')
  @Needs('examine')
  async preview(@Args('model') model: QueryRetrainingPreviewArgs['model']): Promise<RequestPreview> {
    return this.reads.request(model);
  }

  @Mutation('retrainingBreakerReset')
  @Needs('operate')
  async reset(
    @Args('input') { model, note }: RetrainingBreakerResetInput,
    @Context() context: ApiContext,
  ): Promise<{ model: RegisteredModel | null; userErrors: readonly UserError[] }> {
    const actor = actorOf(context.req.principal);
    try {
      await this.actions.resetBreaker({ model, note, actor });
      return { model: this.registry.load(model), userErrors: [] };
    } catch (error) {
      return { model: null, userErrors: userErrorsOf(error) };
    }
  }

  @ResolveField('state')
  shownState(@Parent() story: RetrainingStory): ShownState {
    return shownState(story, this.state.find(story.id));
  }

  @ResolveField('dueAt')
  dueAt(@Parent() story: RetrainingStory): Date | null {
    return goesOnAt(story, this.state.find(story.id));
  }

  @ResolveField('askedBy')
  askedBy(@Parent() { askedBy }: RetrainingStory): string {
    return this.names.of(askedBy);
  }

  @ResolveField('decidedBy')
  decidedBy(@Parent() { decidedBy }: RetrainingStory): string | null {
    return decidedBy === null ? null : this.names.of(decidedBy);
  }

  @ResolveField('wishes')
  wishes(@Parent() { wishes }: RetrainingStory): RetrainingStory['wishes'] {
    return wishes.map((wish) => ({ ...wish, by: this.names.of(wish.by) }));
  }

  @ResolveField('decisions')
  decisions(@Parent() { decisions }: RetrainingStory): readonly object[] {
    return decisions.map(({ by, decision, ...said }) => ({
      ...said,
      by: this.names.of(by),
      decision,
    }));
  }

  @ResolveField('model')
  model(@Parent() { model }: RetrainingStory): RegisteredModel {
    return this.registry.load(model);
  }

  @ResolveField('cause')
  cause(@Parent() story: RetrainingStory): IncidentRecord | null {
    return this.reads.incidentsOf(story)[0]?.[1] ?? null;
  }

  @ResolveField('summary')
  summary(@Parent() { cause }: RetrainingStory): string {
    return cause.summary;
  }

  @ResolveField('causeKind')
  causeKind(@Parent() { cause }: RetrainingStory): string {
    return cause.kind;
  }

  @ResolveField('refusals')
  refusals(@Parent() { stops }: RetrainingStory): RetrainingStory['stops'] {
    return stops;
  }

  @ResolveField('run')
  run(@Parent() { id }: RetrainingStory): Retraining | null {
    return this.state.find(id) ?? null;
  }

  @ResolveField('evaluation')
  evaluation(@Parent() { id }: RetrainingStory): Retraining['evaluation'] {
    return this.state.find(id)?.evaluation ?? null;
  }

  @ResolveField('lastWord')
  lastWord(@Parent() story: RetrainingStory): string | null {
    return lastWord(story, this.state.find(story.id));
  }

  @ResolveField('askedAgain')
  askedAgain(@Parent() { id }: RetrainingStory): string | null {
    return this.state.find(id)?.askedAgain ?? null;
  }

  @ResolveField('unused')
  unused(@Parent() { id }: RetrainingStory): string | null {
    return this.state.find(id)?.unused ?? null;
  }

  @ResolveField('promotion')
  promotion(@Parent() { id }: RetrainingStory): Retraining['promotion'] {
    const found = this.state.find(id)?.promotion;
    const by = found?.decidedBy ?? null;
    return found ? { ...found, decidedBy: by === null ? null : this.names.of(by) } : null;
  }

  @ResolveField('newVersion')
  newVersion(@Parent() { id }: RetrainingStory): string | null {
    return this.state.find(id)?.newVersion ?? null;
  }

  private async said(id: string, act: () => Promise<void>): Promise<RetrainingPayload> {
    return change(async () => {
      await act();
      return this.state.story(id) ?? null;
    });
  }
}

async function change(act: () => Promise<RetrainingStory | null>): Promise<RetrainingPayload> {
  try {
    return { retraining: await act(), userErrors: [] };
  } catch (error) {
    return { retraining: null, userErrors: userErrorsOf(error) };
  }
}
