import { setTimeout as sleep } from 'node:timers/promises';
import { Args, Context, Resolver, Subscription } from '@nestjs/graphql';
import type { LedgerEntry } from '../domain/ledger-entry.js';
import { Incidents, type IncidentCase } from '../incidents/incidents.js';
import { Changes } from '../pipeline/changes.js';
import { isWindowStored, readWindows, windowKey, type WindowRow } from '../pipeline/window-reads.js';
import { Registry } from '../registry/registry.js';
import { Retrainings } from '../retraining/retrainings.js';
import type { RetrainingStory } from '../retraining/story.js';
import { Database } from '../store/database.js';
import { recordedIn, type RecordedWindow } from '../windows/recorded-windows.js';
import { Needs } from './access.js';
import { ChangeQueue } from './change-queue.js';
import { demandModel } from './known.js';
import type {
  SubscriptionCaseChangedArgs,
  SubscriptionRetrainingChangedArgs,
  SubscriptionWindowJudgedArgs,
} from './schema.generated.js';

/** Between the record of a verdict and its rows in the table lie two inserts. */
const STORED_AGAIN_MS = 100;
/** What is not stored by then fell to a stop in between: it is told of when the window is stored again. */
const GIVE_UP_AFTER = 300;

interface Subscriber {
  req: object;
}

/** What changes while somebody listens: each thing as it is when it is told, once however often it changed before. */
@Resolver()
@Needs('read')
export class SubscriptionResolver {
  constructor(
    private readonly registry: Registry,
    private readonly incidents: Incidents,
    private readonly retrainings: Retrainings,
    private readonly changes: Changes,
    private readonly database: Database,
  ) {}

  @Subscription('caseChanged')
  caseChanged(
    @Args('model') model: SubscriptionCaseChangedArgs['model'],
    @Context() context: Subscriber,
  ): AsyncIterable<{ readonly caseChanged: IncidentCase }> {
    demandModel(model, this.registry.models());
    const { incidents } = this;
    const changed = this.follow((entry) => caseIdsOf(entry, (id) => incidents.find(id)?.caseId));
    return each(changed, context, async (id) => {
      const found = incidents.case(id);
      if (!found || found.severity === 'info' || (model ?? found.model) !== found.model) return [];
      return [{ caseChanged: found }];
    });
  }

  @Subscription('retrainingChanged')
  retrainingChanged(
    @Args('model') model: SubscriptionRetrainingChangedArgs['model'],
    @Context() context: Subscriber,
  ): AsyncIterable<{ readonly retrainingChanged: RetrainingStory }> {
    demandModel(model, this.registry.models());
    const { retrainings } = this;
    const changed = this.follow(({ subject }) => (subject.type === 'retraining' ? [subject.id] : []));
    return each(changed, context, async (id) => {
      const story = retrainings.story(id);
      return story && (model ?? story.model) === story.model ? [{ retrainingChanged: story }] : [];
    });
  }

  @Subscription('windowJudged')
  windowJudged(
    @Args('model') model: SubscriptionWindowJudgedArgs['model'],
    @Context() context: Subscriber,
  ): AsyncIterable<{ readonly windowJudged: WindowRow }> {
    demandModel(model, this.registry.models());
    const { changes } = this;
    const judged = new ChangeQueue<Judged>((add) =>
      changes.follow((entry) => {
        const version = entry.data['version'];
        if (entry.action !== 'window.evaluated' || entry.data['model'] !== model) return;
        if (typeof version !== 'string') return;
        for (const window of recordedIn(entry.data))
          add(`${window.track} ${windowKey({ version, from: window.from })}`, { ...window, model, version });
      }),
    );
    return each(judged, context, async (one) => {
      const row = await this.stored(one);
      return row ? [{ windowJudged: row }] : [];
    });
  }

  private follow(idsOf: (entry: LedgerEntry) => readonly string[]): ChangeQueue<string> {
    return new ChangeQueue((add) =>
      this.changes.follow((entry) => {
        for (const id of idsOf(entry)) add(id, id);
      }),
    );
  }

  /** The row of a window whose verdict is recorded; null where it is not stored in half a minute. */
  private async stored({ model, version, from, track, revision }: Judged): Promise<WindowRow | null> {
    const { database } = this;
    const asked = { model, version, since: from, until: from + 1000, after: null, limit: 1 };
    for (let look = 0; look < GIVE_UP_AFTER; look += 1) {
      if (await isWindowStored(database, { model, version, from, track, revision }))
        return (await readWindows(database, asked))[0] ?? null;
      await sleep(STORED_AGAIN_MS, null, { ref: false });
    }
    return null;
  }
}

interface Judged extends RecordedWindow {
  readonly model: string;
  readonly version: string;
}

function caseIdsOf(
  { action, subject, data }: LedgerEntry,
  caseOf: (incident: string) => string | undefined,
): readonly string[] {
  if (subject.type === 'case') return [subject.id];
  if (subject.type === 'incident') return [caseOf(subject.id) ?? []].flat();
  if (action !== 'incident.observed') return [];
  const seen = [data['confirmed'], data['seen']].flat();
  return seen.flatMap((id) => (typeof id === 'string' ? (caseOf(id) ?? []) : []));
}

/** What `tell` makes of each change. What one event may ask for is counted as that of a request of its own. */
function each<Item, Event>(
  changes: ChangeQueue<Item>,
  context: Subscriber,
  tell: (item: Item) => Promise<readonly Event[]>,
): AsyncIterableIterator<Event> {
  const request = context.req;
  const next = async (): Promise<IteratorResult<Event>> => {
    for (;;) {
      const step = await changes.next();
      if (step.done) return { done: true, value: undefined };
      const [event] = await tell(step.value);
      if (event === undefined) continue;
      context.req = Object.create(request) as object;
      return { done: false, value: event };
    }
  };
  const iterator: AsyncIterableIterator<Event> = {
    next,
    return: async () => {
      await changes.return();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}
