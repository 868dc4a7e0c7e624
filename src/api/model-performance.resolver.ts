import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { cellsOf, classCounts } from '../checks/multiclass-metrics.js';
import { confusionOf } from '../checks/binary-metrics.js';
import type { Model } from '../domain/model.js';
import { performanceNames, readPerformance, spanOf, type MetricSeries } from '../pipeline/performance.js';
import { readExpectations, type ExpectationStanding } from '../pipeline/expectations.js';
import { readSegments, segmentsOf, type SegmentStanding } from '../pipeline/segments.js';
import { readService, type ServicePoint } from '../pipeline/service-points.js';
import type { SlowCall } from '../profiles/outcomes.js';
import { heldAgainst, type RegisteredModel } from '../registry/registry.js';
import { Service } from '../service.js';
import { pageSize } from './connection.js';
import { BadInput } from './graphql-errors.js';
import { demandKnown } from './known.js';
import { price } from './price.js';
import { instant, type ApiContext } from './request.js';

interface PlaceArguments {
  readonly version?: string | null;
  readonly since?: string | null;
  readonly until?: string | null;
}

interface PerformanceArguments extends PlaceArguments {
  readonly segment?: string | null;
  readonly metric?: readonly string[] | null;
}

/** Reads of minutes that one request may ask for. */
const MOST_READS = 20;

/** Rows shown beside an expectation that they break. */
const MOST_EXAMPLES = 20;

/** How well a model does, by the labels that have come. */
@Resolver('Model')
export class ModelPerformanceResolver {
  constructor(private readonly service: Service) {}

  @ResolveField('performance')
  async performance(
    @Parent() registered: RegisteredModel,
    @Args() { version, segment, metric, ...range }: PerformanceArguments,
    @Context() context: Partial<ApiContext>,
  ): Promise<readonly MetricSeries[]> {
    price(context.req, 'the performance of a model', MOST_READS);
    const { model } = registered;
    demandKnown('metric', metric, performanceNames(model));
    const { outcomes, references } = this.service.stages;
    const named = versionOf(registered, version);
    const baseline = await references.baselineOf(heldAgainst(registered, named));
    const segments = segmentsOf(baseline);
    demandKnown('segment', segment, segments.keys());
    return readPerformance(
      { outcomes, baseline },
      {
        model,
        version: named,
        segment: segments.get(segment ?? '') ?? null,
        metrics: metric ?? null,
        ...this.spanOf(model, range),
      },
    );
  }

  @ResolveField('segments')
  async segments(
    @Parent() registered: RegisteredModel,
    @Args() { version, ...range }: PlaceArguments,
    @Context() context: Partial<ApiContext>,
  ): Promise<readonly SegmentStanding[]> {
    price(context.req, 'the performance of a model', MOST_READS);
    const { model } = registered;
    const { outcomes, references } = this.service.stages;
    const { since: from, until: to } = this.spanOf(model, range);
    const named = versionOf(registered, version);
    const baseline = await references.baselineOf(heldAgainst(registered, named));
    return readSegments({ outcomes, baseline }, model, { version: named, from, to });
  }

  @ResolveField('expectations')
  async expectations(
    @Parent() registered: RegisteredModel,
    @Args() { version, examples, ...range }: PlaceArguments & { readonly examples?: number | null },
    @Context() context: Partial<ApiContext>,
  ): Promise<readonly ExpectationStanding[]> {
    price(context.req, 'the performance of a model', MOST_READS);
    const most = examples ?? 0;
    if (most < 0 || most > MOST_EXAMPLES)
      throw new BadInput(`examples: between 0 and ${MOST_EXAMPLES}`, 'examples');
    const { since: from, until: to } = this.spanOf(registered.model, range);
    const span = { version: versionOf(registered, version), from, to };
    return readExpectations(this.service.stages, registered, span, most);
  }

  @ResolveField('confusion')
  async confusion(
    @Parent() registered: RegisteredModel,
    @Args() { version, ...range }: PlaceArguments,
    @Context() context: Partial<ApiContext>,
  ): Promise<object> {
    price(context.req, 'the performance of a model', MOST_READS);
    const { model } = registered;
    if (model.task === 'regression')
      throw new BadInput('confusion: a regression has no classes; ask for performance', 'confusion');
    const { since, until } = this.spanOf(model, range);
    const span = { version: versionOf(registered, version), from: since, to: until };
    const width = Math.max(1000, until.getTime() - since.getTime());
    const found = await this.service.stages.outcomes.windows(model, { ...span, widthMs: width }, null);
    const [outcome] = found.values();
    if (!outcome) return { cells: [], classes: [], labelled: 0 };
    const cells = model.task === 'binary' ? binaryCells(model, confusionOf(outcome)) : cellsOf(outcome);
    const foreseen = new Set(model.classes ?? []);
    const classes = classCounts(cells).map((one) => ({
      ...one,
      foreseen: foreseen.size === 0 || foreseen.has(one.name),
    }));
    return { cells, classes, labelled: outcome.labelled };
  }

  @ResolveField('service')
  async calls(
    @Parent() registered: RegisteredModel,
    @Args() { version, ...range }: PlaceArguments,
    @Context() context: Partial<ApiContext>,
  ): Promise<readonly ServicePoint[]> {
    price(context.req, 'the performance of a model', MOST_READS);
    const { model } = registered;
    const { since: from, until: to } = this.spanOf(model, range);
    return readService(this.service.stages.outcomes, model, {
      version: versionOf(registered, version),
      from,
      to,
    });
  }

  @ResolveField('slowest')
  async slowest(
    @Parent() registered: RegisteredModel,
    @Args() { version, first, ...range }: PlaceArguments & { readonly first?: number | null },
    @Context() context: Partial<ApiContext>,
  ): Promise<readonly SlowCall[]> {
    price(context.req, 'the performance of a model', MOST_READS);
    const { model } = registered;
    const { since: from, until: to } = this.spanOf(model, range);
    const span = { version: versionOf(registered, version), from, to };
    return this.service.stages.outcomes.slowest(model, span, pageSize(first));
  }

  private spanOf(model: Model, { since, until }: Omit<PlaceArguments, 'version'>) {
    const asked = { since: instant(since), until: instant(until) };
    return spanOf(model, asked, this.service.options.clock.now());
  }
}

/** The version asked for, else the one that answers. Throws BadInput for one that there is not. */
function versionOf({ versions }: RegisteredModel, asked: string | null | undefined): string {
  const names = versions.map(({ version }) => version);
  demandKnown('version', asked, names);
  const champion = versions.find(({ stage }) => stage === 'champion')?.version;
  return asked ?? champion ?? names.at(-1) ?? '';
}

/** What is not the positive class has one name where the model file gives it. */
function binaryCells({ positive = '', classes }: Model, { tp, fp, fn, tn }: ReturnType<typeof confusionOf>) {
  const others = classes?.filter((name) => name !== positive) ?? [];
  const negative = others.length === 1 ? (others[0] ?? '') : `not ${positive}`;
  return [
    { actual: positive, answered: positive, rows: tp },
    { actual: negative, answered: positive, rows: fp },
    { actual: positive, answered: negative, rows: fn },
    { actual: negative, answered: negative, rows: tn },
  ].filter(({ rows }) => rows > 0);
}
