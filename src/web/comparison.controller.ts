import { Get, Param, Query } from '@nestjs/common';
import { ModelReads } from '../pipeline/model-reads.js';
import { Names } from '../registry/names.js';
import { Registry, type ModelVersion } from '../registry/registry.js';
import { comparisonPage } from './comparison.page.js';
import type { PageContent } from './layout.js';
import { PageError } from './page-error.js';
import { Pages } from './pages.decorator.js';

/** Pages that hold two versions of a model against each other. */
@Pages('models')
export class ComparisonController {
  constructor(
    private readonly registry: Registry,
    private readonly reads: ModelReads,
    private readonly names: Names,
  ) {}

  @Get(':key/versions/:version')
  async version(
    @Param('key') key: string,
    @Param('version') version: string,
    @Query('to') to: unknown,
  ): Promise<PageContent> {
    const registered = this.registry.load(key);
    const named = (name: unknown) => registered.versions.find((one) => one.version === name);
    const own = named(version);
    if (!own) throw new PageError(404, `The model "${key}" has no version "${version}".`);
    if (to !== undefined && !named(to)) throw new PageError(404, `The model "${key}" has no such version to compare with.`); // prettier-ignore
    const others = registered.versions.filter((one) => one !== own && one.firstSeenAt !== null);
    const other = named(to) ?? others.find(({ stage }) => stage === 'champion') ?? others.at(-1) ?? null;
    const shown = this.withNames(own);
    if (!other || other === own) return comparisonPage({ registered, own: shown, other: null, found: null });
    const asked = { own: own.version, other: other.version, since: null, until: null };
    const found = await this.reads.comparison(registered, asked);
    return comparisonPage({ registered, own: shown, other, found });
  }

  /** A version whose people are called by their names. */
  private withNames(version: ModelVersion): ModelVersion {
    const { announcedBy, record } = version;
    const { names } = this;
    return {
      ...version,
      announcedBy: announcedBy === null ? null : names.of(announcedBy),
      record: record && { ...record, by: names.of(record.by) },
    };
  }
}
