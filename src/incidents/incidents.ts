import type { z } from 'zod';
import { continueCourse, type IncidentCourse } from '../domain/incident-course.js';
import type { Severity } from '../domain/incident.js';
import { worstOf } from '../domain/incident.js';
import type { LedgerEntry } from '../domain/ledger-entry.js';
import type { Projection } from '../ledger/projection.js';
import { type IncidentFilter, matches } from './incident-filter.js';
import { readIncident } from './incident-json.js';
import { Observed } from './observed-json.js';
import type { IncidentRecord } from './incident-record.js';
import type { IncidentView } from './incident-view.js';
import { isOfEverybody } from './of-everybody.js';
import { guestsOf, hostCase } from './shared-source.js';
import { weightOf } from './shown-by.js';

/** What a person sees: all incidents of one model version from the first that opened to the last that closed. */
export interface IncidentCase {
  readonly id: string;
  readonly model: string;
  readonly version: string;
  readonly state: 'OPEN' | 'CLOSED';
  /** Of the worst member that is open, or of the worst there was. */
  readonly severity: Severity;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
  /** The case of another model with which all that is open of it is told: one source is at fault for both. Null where it is told by itself. */
  readonly partOf: string | null;
  /** Oldest first. */
  readonly members: readonly IncidentRecord[];
}

/**
 * All open incidents and the newest closed ones, folded from the ledger. Lists and cases leave out those of a segment that say no more than one of all rows does; whoever
 * decides, or has the id, finds them.
 */
export class Incidents implements Projection, IncidentView {
  readonly #byId = new Map<string, IncidentRecord>();
  readonly #latest = new Map<string, string>();
  readonly #active = new Map<string, Set<string>>();
  readonly #cases = new Map<string, Set<string>>();
  readonly #models = new Map<string, Set<string>>();
  /** Open ones by where the data of their feature come from. */
  readonly #sources = new Map<string, Set<string>>();
  /** By what they follow from. */
  readonly #explained = new Map<string, Set<string>>();
  /** Closed ones, in the order of their closing. */
  readonly #closed = new Set<string>();
  /** What pages ask for again and again, until the next entry: cases by id, and all that is open. */
  readonly #rolledUp = new Map<string, IncidentCase>();
  #open: readonly IncidentRecord[] | null = null;

  constructor(private readonly options: { readonly keepClosed: number } = { keepClosed: 10_000 }) {}

  apply(entry: LedgerEntry): void {
    if (!entry.action.startsWith('incident.')) return;
    this.#forgetAnswers();
    if (entry.action === 'incident.observed') this.#observe(Observed.parse(entry.data));
    else this.#put(readIncident(entry.data['incident']));
  }

  reset(): void {
    this.#forgetAnswers();
    for (const index of [
      this.#byId,
      this.#latest,
      this.#active,
      this.#cases,
      this.#models,
      this.#sources,
      this.#explained,
      this.#closed,
    ])
      index.clear();
  }

  find(id: string): IncidentRecord | undefined {
    return this.#byId.get(id);
  }

  latest(key: string): IncidentRecord | undefined {
    return this.#byId.get(this.#latest.get(key) ?? '');
  }

  active(model: string, version: string): readonly IncidentRecord[] {
    return this.#all(this.#active.get(placeOf(model, version)));
  }

  known(model: string, version: string): readonly IncidentRecord[] {
    return this.#all(this.#models.get(model)).filter(({ signal }) => signal.version === version);
  }

  ofSource(source: string): readonly IncidentRecord[] {
    return this.#all(this.#sources.get(source));
  }

  /** What is told together as one case: its incidents, and those of other models that follow from them. */
  together(caseId: string): readonly IncidentRecord[] {
    const own = this.case(caseId)?.members ?? [];
    return [...own, ...guestsOf((host) => this.#all(this.#explained.get(host)), own)];
  }

  /** Every incident that is not closed, newest first. */
  open(): readonly IncidentRecord[] {
    this.#open ??= newestFirst([...this.#active.values()].flatMap((ids) => this.#listed(ids)));
    return this.#open;
  }

  /** Those of one model, newest first. */
  openOf(model: string): readonly IncidentRecord[] {
    const own = [...this.#active].filter(([place]) => place.startsWith(placeOf(model, '')));
    return newestFirst(own.flatMap(([, ids]) => this.#listed(ids)));
  }

  /** Incidents that meet every condition given, newest first. */
  list(filter: IncidentFilter = {}): readonly IncidentRecord[] {
    return this.remembered(filter).filter((incident) => !isOfEverybody(incident, this));
  }

  /** The same with those of a segment that say no more than one of all rows does: for whoever asks what became of one. */
  remembered(filter: IncidentFilter): readonly IncidentRecord[] {
    const asked = this.#all(filter.model === undefined ? this.#byId.keys() : this.#models.get(filter.model));
    return newestFirst(asked.filter((incident) => matches(incident, filter)));
  }

  case(id: string): IncidentCase | undefined {
    const known = this.#rolledUp.get(id) ?? this.#rollUp(id);
    if (known) this.#rolledUp.set(id, known);
    return known;
  }

  #rollUp(id: string): IncidentCase | undefined {
    const members = [...this.#listed(this.#cases.get(id))].sort(
      (a, b) => a.openedAt.getTime() - b.openedAt.getTime(),
    );
    const first = members[0];
    return first && { ...rollUp(id, first, members), partOf: hostCase(this, members) };
  }

  /** Cases with a finding above `info`, newest first; optionally only those in one state. */
  cases(
    filter: { readonly model?: string; readonly state?: 'OPEN' | 'CLOSED' } = {},
  ): readonly IncidentCase[] {
    // Open cases are asked for by every page; closed ones are many more.
    const ids = filter.state === 'OPEN' ? this.#openCases() : this.#cases.keys();
    return [...ids]
      .flatMap((id) => this.case(id) ?? [])
      .filter(
        (one) =>
          one.severity !== 'info' &&
          (filter.model ?? one.model) === one.model &&
          (filter.state ?? one.state) === one.state,
      )
      .sort((a, b) => b.openedAt.getTime() - a.openedAt.getTime() || (a.id < b.id ? -1 : 1));
  }

  #forgetAnswers(): void {
    this.#rolledUp.clear();
    this.#open = null;
  }

  #openCases(): ReadonlySet<string> {
    const open = new Set<string>();
    for (const ids of this.#active.values())
      for (const id of ids) {
        const caseId = this.#byId.get(id)?.caseId;
        if (caseId !== undefined) open.add(caseId);
      }
    return open;
  }

  #all(ids: Iterable<string> | undefined): readonly IncidentRecord[] {
    return [...(ids ?? [])].flatMap((id) => this.#byId.get(id) ?? []);
  }

  #listed(ids: Iterable<string> | undefined): readonly IncidentRecord[] {
    return this.#all(ids).filter((incident) => !isOfEverybody(incident, this));
  }

  #observe({ from, to, revision, confirmed, seen, shown }: z.infer<typeof Observed>): void {
    for (const incident of this.#all(new Set([...confirmed, ...seen]))) {
      this.#byId.set(incident.id, {
        ...incident,
        lastWindowTo: new Date(to),
        lastRevision: revision,
        confirmed: incident.confirmed || confirmed.includes(incident.id),
        course: continued(incident, shown[incident.id], { from, to }),
      });
    }
  }

  #put(incident: IncidentRecord): void {
    const before = this.#byId.get(incident.id);
    if (before && before.caseId !== incident.caseId) drop(this.#cases, before.caseId, before.id);
    const place = placeOf(incident.signal.model, incident.signal.version);
    this.#byId.set(incident.id, incident);
    this.#latest.set(incident.key, incident.id);
    add(this.#cases, incident.caseId, incident.id);
    add(this.#models, incident.signal.model, incident.id);
    this.#closed.delete(incident.id);
    const { source, explainedBy } = incident;
    if (before && before.explainedBy !== null) drop(this.#explained, before.explainedBy, incident.id);
    if (explainedBy !== null) add(this.#explained, explainedBy, incident.id);
    if (before?.source !== undefined) drop(this.#sources, before.source, incident.id);
    if (source !== undefined && incident.state !== 'CLOSED') add(this.#sources, source, incident.id);
    if (incident.state !== 'CLOSED') return add(this.#active, place, incident.id);
    drop(this.#active, place, incident.id);
    this.#closed.add(incident.id);
    this.#forgetOldest();
  }

  /** The ledger still has them; memory keeps what pages show and what may re-open. */
  #forgetOldest(): void {
    for (const id of this.#closed) {
      if (this.#closed.size <= this.options.keepClosed) return;
      const incident = this.#byId.get(id);
      this.#closed.delete(id);
      this.#byId.delete(id);
      if (!incident) continue;
      drop(this.#cases, incident.caseId, id);
      drop(this.#models, incident.signal.model, id);
      if (incident.explainedBy !== null) drop(this.#explained, incident.explainedBy, id);
      if (this.#latest.get(incident.key) === id) this.#latest.delete(incident.key);
    }
  }
}

/** Model keys hold no `@`, so no two places meet. */
function placeOf(model: string, version: string): string {
  return `${model}@${version}`;
}

function add(index: Map<string, Set<string>>, key: string, id: string): void {
  const known = index.get(key);
  if (known) known.add(id);
  else index.set(key, new Set([id]));
}

function drop(index: Map<string, Set<string>>, key: string, id: string): void {
  const known = index.get(key);
  known?.delete(id);
  if (known?.size === 0) index.delete(key);
}

function newestFirst(incidents: readonly IncidentRecord[]): readonly IncidentRecord[] {
  return [...incidents].sort((a, b) => b.openedAt.getTime() - a.openedAt.getTime() || (a.id < b.id ? -1 : 1));
}

function rollUp(
  id: string,
  first: IncidentRecord,
  members: readonly IncidentRecord[],
): Omit<IncidentCase, 'partOf'> {
  const open = members.filter((one) => one.state !== 'CLOSED' && one.severity !== 'info');
  const ends = members.flatMap((one) => one.closedAt?.getTime() ?? []);
  return {
    id,
    model: first.signal.model,
    version: first.signal.version,
    state: open.length > 0 ? 'OPEN' : 'CLOSED',
    severity: worstOf(open.length > 0 ? open : members),
    openedAt: first.openedAt,
    closedAt: open.length > 0 || ends.length === 0 ? null : new Date(Math.max(...ends)),
    members,
  };
}

function continued(
  { course, signal }: IncidentRecord,
  shown: z.infer<typeof Observed>['shown'][string] | undefined,
  { from, to }: { readonly from: string | undefined; readonly to: string },
): IncidentCourse {
  if (!shown) return course;
  const since = shown.since === null ? null : new Date(shown.since);
  const { effects, restsFrom, ...told } = shown;
  const weight = weightOf(signal.check, shown.n);
  const rests = restsFrom === undefined ? {} : { restsFrom: new Date(restsFrom) };
  const window = { from: new Date(from ?? to), to: new Date(to) };
  return continueCourse(course, { ...told, effects, ...window, ...rests, weight, since }, false);
}
