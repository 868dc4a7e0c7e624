import { Inject } from '@nestjs/common';
import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { GraphQLError } from 'graphql';
import { CONFIG, type Config } from '../config/config.js';
import type { Json } from '../domain/ledger-entry.js';
import { REJECT_CODES } from '../domain/event.js';
import {
  DeadLetters,
  type DeadLetter,
  type DeadLetterCount,
  type DeadLetterFilter as Sought,
} from '../ingest/landing/dead-letters.js';
import { DeadLetterActions } from '../pipeline/dead-letter-actions.js';
import { actorOf } from '../registry/principal.js';
import { Registry } from '../registry/registry.js';
import { Needs } from './access.js';
import { connectionOf, decodeCursor, encodeCursor, pageSize, type Connection } from './connection.js';
import { BadInput } from './graphql-errors.js';
import { given } from './given.js';
import { demandKnown } from './known.js';
import { stretch, type ApiContext } from './request.js';
import { TakenAlong } from './taken-along.js';
import type {
  DeadLetterFilter,
  DeadLetterReplayInput,
  InputMaybe,
  QueryDeadLetterArgs,
  QueryDeadLetterCountsArgs,
  QueryDeadLettersArgs,
} from './schema.generated.js';

/** A list shows the beginning of each letter; `deadLetter` gives all of it. */
const LISTED_BYTES = 65_536;
const LAST_OFFSET = (1n << 64n) - 1n;

/** A mutation names at most this many refusals; the others are in the list of dead letters. */
const MOST_REFUSED = 100;

interface LetterConnection extends Omit<Connection<DeadLetter>, 'totalCount'> {
  /** Counted only where it is asked for. */
  readonly totalCount: () => Promise<number>;
}

/** Events that were refused, and their second chance. */
@Resolver('DeadLetter')
@Needs('examine')
export class DeadLetterResolver {
  constructor(
    private readonly letters: DeadLetters,
    private readonly actions: DeadLetterActions,
    private readonly registry: Registry,
    private readonly along: TakenAlong,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Query('deadLetters')
  async list(@Args() { filter, ...page }: QueryDeadLettersArgs): Promise<LetterConnection> {
    await this.demandNamed(filter);
    const asked = filterOf(filter);
    const size = pageSize(page.first);
    const place = decodeCursor(page.after, 4);
    const after = place && {
      receivedAt: new Date(Number(place[0])),
      topic: String(place[1]),
      partition: Number(place[2]),
      offset: String(place[3]),
    };
    const rows = await this.letters.list(asked, {
      limit: size + 1,
      rawBytes: LISTED_BYTES,
      ...(after ? { after } : {}),
    });
    const cursorOf = ({ receivedAt, topic, partition, offset }: DeadLetter) =>
      encodeCursor([receivedAt.getTime(), topic, partition, offset]);
    const totalCount = async () => sumOf(await this.letters.count(asked));
    return { ...connectionOf(rows, { size, after: after !== null, cursorOf }), totalCount };
  }

  @Query('deadLetter')
  async find(@Args() at: QueryDeadLetterArgs): Promise<DeadLetter | null> {
    if (!/^\d{1,20}$/.test(at.offset) || BigInt(at.offset) > LAST_OFFSET)
      throw new BadInput('offset: a whole number below 2^64', 'offset');
    if (!(at.partition >= 0 && at.partition <= 65_535))
      throw new BadInput('partition: a whole number from 0 to 65535', 'partition');
    return this.letters.find(at);
  }

  @Query('deadLetterCounts')
  @Needs('read')
  async counts(@Args('filter') filter?: QueryDeadLetterCountsArgs['filter']): Promise<readonly object[]> {
    await this.demandNamed(filter);
    const counts: readonly DeadLetterCount[] = await this.letters.count(filterOf(filter));
    return counts.map((count) => ({ ...count, model: count.model === '' ? null : count.model }));
  }

  @Mutation('deadLetterReplay')
  @Needs('operate')
  async replay(@Args('input') input: DeadLetterReplayInput, @Context() context: ApiContext): Promise<object> {
    await this.demandNamed(input.filter);
    const { filter } = input;
    const actor = actorOf(context.req.principal);
    const report = await this.actions.replay(filterOf(filter), recordedFilter(filter), actor);
    const { sent, stored, leftOut, refused } = report;
    const codes = new Map<string, number>();
    for (const { code } of refused) codes.set(code, (codes.get(code) ?? 0) + 1);
    return {
      sent,
      stored,
      leftOut,
      refused: refused.length,
      refusedCodes: [...codes].map(([code, count]) => ({ code, model: null, count })),
      refusedFirst: refused.slice(0, MOST_REFUSED).map(({ code, message }) => ({ code, message })),
      userErrors: [],
    };
  }

  /** A letter may name a model that nobody registered; a name that neither a model nor a letter has is a slip of the pen. Throws BadInput. */
  private async demandNamed(filter: DeadLetterFilter | null | undefined): Promise<void> {
    const { registry } = this;
    const { model, topic } = filter ?? {};
    if (model && !registry.find(model)) {
      const named = (await this.letters.count({ replayed: true })).map((one) => one.model).filter(Boolean);
      demandKnown('model', model, [...registry.models().map((one) => one.model.key), ...named]);
    }
    const { KAFKA_PREDICTIONS_TOPIC, KAFKA_LABELS_TOPIC } = this.config;
    if (topic) demandKnown('topic', topic, [...(await this.letters.topics()), 'http', KAFKA_PREDICTIONS_TOPIC, KAFKA_LABELS_TOPIC]);
  } // prettier-ignore

  @ResolveField('model')
  model(@Parent() { model }: DeadLetter): string | null {
    return model === '' ? null : model;
  }

  @ResolveField('raw')
  async raw(@Parent() { raw, model }: DeadLetter, @Context() { req }: ApiContext): Promise<string> {
    const taken = { what: 'what refused events hold', models: raw.length === 0 ? [] : [model] };
    const why = await this.along.whyNot(req.principal, taken);
    if (why !== null) throw new GraphQLError(why, { extensions: { code: 'FORBIDDEN' } });
    return raw.toString('utf8');
  }
}

function sumOf(counts: readonly DeadLetterCount[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0);
}

/** What was asked for, as the ledger holds it. */
function recordedFilter(input: DeadLetterFilter | null | undefined): { readonly [key: string]: Json } {
  return Object.fromEntries(
    Object.entries(given(input)).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : String(value),
    ]),
  );
}

function filterOf(input: InputMaybe<DeadLetterFilter> | undefined): Sought {
  const { model, topic, codes, replayed, ...times } = given(input);
  demandKnown('codes', codes, REJECT_CODES);
  const [since, until] = stretch(times);
  return {
    ...(model ? { model } : {}),
    ...(codes ? { codes: REJECT_CODES.filter((code) => codes.includes(code)) } : {}),
    ...(topic ? { topic } : {}),
    ...(since ? { since } : {}),
    ...(until ? { until } : {}),
    ...(replayed ? { replayed: true } : {}),
  };
}
