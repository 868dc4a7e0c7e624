import { versionPlace } from '../domain/version-place.js';
import { Args, Query, Resolver } from '@nestjs/graphql';
import { Recomputing } from '../pipeline/recompute.js';
import { Registry } from '../registry/registry.js';
import { Needs } from './access.js';
import { BadInput } from './graphql-errors.js';
import { demandModel, demandVersion } from './known.js';
import { instant } from './request.js';
import { SharedWork } from './shared-work.js';
import type { QueryVerdictRecomputeArgs } from './schema.generated.js';

/** Judgements held against their records. */
@Resolver()
@Needs('examine')
export class VerdictResolver {
  /** A window is judged again once for all who ask at a time. */
  private readonly judging = new SharedWork<object>();

  constructor(
    private readonly again: Recomputing,
    private readonly registry: Registry,
  ) {}

  @Query('verdictRecompute')
  async verdictRecompute(@Args() { model, version, from }: QueryVerdictRecomputeArgs): Promise<object> {
    const { registry } = this;
    demandModel(model, registry.models());
    demandVersion(version, [registry.load(model)]);
    const start = instant(from);
    if (start === null) throw new BadInput('from: write when the window begins', 'from');
    return this.judging.run(`${versionPlace(model, version)}\0${start.getTime()}`, async () => {
      const records = await this.again.window({ model, version, from: start });
      return { records, matches: records.every(({ difference }) => difference === null) };
    });
  }
}
