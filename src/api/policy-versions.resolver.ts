import { Args, Query, Resolver } from '@nestjs/graphql';
import type { Json, LedgerEntry } from '../domain/ledger-entry.js';
import { leafDiff, type Change } from '../registry/json-diff.js';
import type { ActorCard } from '../registry/names.js';
import { Service } from '../service.js';
import { Needs } from './access.js';
import { demandKnown } from './known.js';

interface PolicyVersion {
  readonly id: string;
  readonly version: Json;
  readonly hash: Json;
  readonly owner: Json;
  readonly enforcement: Json;
  readonly file: Json;
  readonly activeFrom: Date;
  readonly activeUntil: Date | null;
  readonly seq: number;
  readonly content: Json;
  readonly changes: readonly Change[];
}

/** Changes of policies a person has made by hand; a program that writes more is cut off. */
const MOST = 10_000;

/** What was law when: the versions of a policy, from the ledger. */
@Resolver()
@Needs('read')
export class PolicyVersionsResolver {
  constructor(private readonly service: Service) {}

  @Query('policyVersions')
  async policyVersions(@Args('id') id: string): Promise<readonly PolicyVersion[]> {
    const asked = { actions: ['policy.activated', 'policy.retired'], subjectType: 'policy', limit: MOST };
    const { ledger } = this.service;
    const entries = await ledger.read({ ...asked, subjectId: id });
    if (entries.length === 0) {
      const others = await ledger.read(asked);
      demandKnown('id', id, new Set(others.map(({ subject }) => subject.id)));
    }
    return versionsOf(entries, (id) => this.service.names.card(id)).toReversed();
  }
}

/** From the entries of one policy, oldest first. */
function versionsOf(
  entries: readonly LedgerEntry[],
  cardOf: (id: string) => ActorCard,
): readonly PolicyVersion[] {
  const activated = entries.filter(({ action }) => action === 'policy.activated');
  return activated.map((entry, i) => {
    const { data, seq, at, subject, actor } = entry;
    const { version = 0, hash = '', owner = '', enforcement = '', file = '', content = null } = data;
    const before = activated[i - 1]?.data['content'] ?? null;
    return {
      id: subject.id,
      version,
      hash,
      owner,
      enforcement,
      file,
      content,
      seq,
      activeFrom: at,
      activatedBy: { ...actor, ...cardOf(actor.id) },
      activeUntil: entries[entries.indexOf(entry) + 1]?.at ?? null,
      changes: before === null || content === null ? [] : leafDiff(before, content),
    };
  });
}
