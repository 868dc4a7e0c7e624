import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { NewEntry } from '../domain/ledger-entry.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import { retrainContext } from '../pipeline/evaluate-window.js';
import { callOff } from '../pipeline/call-off-training.js';
import { answerTraining } from '../pipeline/answer-training.js';
import { previewRequest, type RequestPreview } from '../pipeline/preview-request.js';
import { wishTraining } from '../pipeline/wish-training.js';
import type { RegisteredModel } from '../registry/registry.js';
import type { RetrainContext } from '../retraining/ask.js';
import { resetBreaker } from '../retraining/by-hand.js';
import { goesOnAt, lastWord } from '../retraining/last-word.js';
import { trainingOutlook, type TrainingOutlook } from '../retraining/outlook.js';
import type { Retraining } from '../retraining/retraining.js';
import { shownState, type ShownState } from '../retraining/shown-state.js';
import type { RetrainingStory } from '../retraining/story.js';
import { actorOf } from '../registry/principal.js';
import { Service } from '../service.js';
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
  constructor(private readonly service: Service) {}

  @Query('retrainings')
  retrainings(@Args() page: QueryRetrainingsArgs): Connection<RetrainingStory> {
    const { model, states } = page.filter ?? {};
    demandModel(model, this.service.registry.models());
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
    const actor = actorOf(context.req.principal);
    let decided: string | undefined;
    return this.change(
      (now) => {
        const { model, reason, incidents } = input;
        const entries = wishTraining(
          this.service.stages,
          { model, reason, incidents: incidents ?? [], actor },
          now,
        );
        decided = entries[0]?.subject.id;
        return entries;
      },
      // Nothing new is decided where a wish like this one waits, or is under way.
      () => this.state.story(decided ?? '') ?? this.waiting(input.model),
    );
  }

  @Mutation('retrainingApprove')
  @Needs('approve')
  async approve(
    @Args('input') { id, note }: RetrainingApproveInput,
    @Context() context: ApiContext,
  ): Promise<RetrainingPayload> {
    const { principal } = context.req;
    const word = { id, note: note ?? '', actor: actorOf(principal) };
    return this.change(
      (now) => answerTraining(this.service.stages, { ...word, isYes: true }, now).entries,
      () => this.state.story(id) ?? null,
    );
  }

  @Mutation('retrainingReject')
  @Needs('approve')
  async reject(
    @Args('input') { id, note }: RetrainingRejectInput,
    @Context() context: ApiContext,
  ): Promise<RetrainingPayload> {
    const word = { id, note, actor: actorOf(context.req.principal) };
    return this.change(
      (now) => answerTraining(this.service.stages, { ...word, isYes: false }, now).entries,
      () => this.state.story(id) ?? null,
    );
  }

  @Mutation('retrainingCancel')
  @Needs('operate')
  async cancel(
    @Args('input') { id, note }: RetrainingCancelInput,
    @Context() context: ApiContext,
  ): Promise<RetrainingPayload> {
    const word = { id, note, actor: actorOf(context.req.principal) };
    try {
      await callOff(this.service.stages, word);
      return { retraining: this.state.story(id) ?? null, userErrors: [] };
    } catch (error) {
      return { retraining: null, userErrors: userErrorsOf(error) };
    }
  }

  @Query('whyNotTrained')
  whyNotTrained(@Args('model') model: QueryWhyNotTrainedArgs['model']): TrainingOutlook {
    return trainingOutlook(this.state, this.contextOf(model), this.service.stages.clock.now());
  }

  @Query('retrainingPreview')
  @Needs('examine')
  async preview(@Args('model') model: QueryRetrainingPreviewArgs['model']): Promise<RequestPreview> {
    return previewRequest(this.service.stages, model);
  }

  @Mutation('retrainingBreakerReset')
  @Needs('operate')
  async reset(
    @Args('input') { model, note }: RetrainingBreakerResetInput,
    @Context() context: ApiContext,
  ): Promise<{ model: RegisteredModel | null; userErrors: readonly UserError[] }> {
    const actor = actorOf(context.req.principal);
    const { userErrors } = await this.change(
      (now) => {
        this.service.registry.load(model);
        return resetBreaker(this.state, { model, note, actor }, now);
      },
      () => null,
    );
    return { model: userErrors.length > 0 ? null : this.service.registry.load(model), userErrors };
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
    return this.service.names.of(askedBy);
  }

  @ResolveField('decidedBy')
  decidedBy(@Parent() { decidedBy }: RetrainingStory): string | null {
    return decidedBy === null ? null : this.service.names.of(decidedBy);
  }

  @ResolveField('wishes')
  wishes(@Parent() { wishes }: RetrainingStory): RetrainingStory['wishes'] {
    return wishes.map((wish) => ({ ...wish, by: this.service.names.of(wish.by) }));
  }

  @ResolveField('decisions')
  decisions(@Parent() { decisions }: RetrainingStory): readonly object[] {
    return decisions.map(({ by, decision, ...said }) => ({
      ...said,
      by: this.service.names.of(by),
      decision,
    }));
  }

  @ResolveField('model')
  model(@Parent() { model }: RetrainingStory): RegisteredModel {
    return this.service.registry.load(model);
  }

  @ResolveField('cause')
  cause(@Parent() { cause }: RetrainingStory): IncidentRecord | null {
    const [id] = cause.incidentIds;
    return id === undefined ? null : (this.service.incidents.find(id) ?? null);
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
    return found ? { ...found, decidedBy: by === null ? null : this.service.names.of(by) } : null;
  }

  @ResolveField('newVersion')
  newVersion(@Parent() { id }: RetrainingStory): string | null {
    return this.state.find(id)?.newVersion ?? null;
  }

  private get state(): Service['stages']['retrainings'] {
    return this.service.stages.retrainings;
  }

  private waiting(model: string): RetrainingStory | null {
    const found = this.state.deferralOf(model) ?? this.state.inFlight(model);
    return found ? (this.state.story(found.id) ?? null) : null;
  }

  private contextOf(key: string): RetrainContext {
    const { stages, registry, incidents } = this.service;
    return retrainContext(stages, registry.load(key).model, incidents.openOf(key));
  }

  private async change(
    decide: (now: Date) => readonly NewEntry[],
    result: () => RetrainingStory | null,
  ): Promise<RetrainingPayload> {
    try {
      await this.service.ledger.transact(decide);
      return { retraining: result(), userErrors: [] };
    } catch (error) {
      return { retraining: null, userErrors: userErrorsOf(error) };
    }
  }
}
