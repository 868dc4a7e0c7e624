import type { RawEvent } from '../../domain/event.js';
import type { Format } from '../../domain/format-mapping.js';
import type { Model } from '../../domain/model.js';
import { momentOf } from '../landing/moment-of.js';
import type { RefusedEvent } from '../landing/store-dead-letters.js';
import type { Call, HalfPart, Opened, GroundTruth } from './call.js';
import { looksForeign } from './detect-format.js';
import { asFormatError, FormatError } from './format-error.js';
import type { Half } from './pairing/half.js';
import { mappingOf } from './mapping.js';
import { foreignMessage, type ForeignMessage } from './message.js';
import { ModelIndex } from './model-index.js';
import { className } from './native-output.js';
import { nativeRows, timeOf, type RowProblem } from './native-rows.js';
import { openMessage } from './open-message.js';
import { pairCall } from './pairing/pair-call.js';
import type { PendingHalves } from './pairing/pending-halves.js';
import { rowIdentity } from './row-identity.js';
import type { SchemaDecoders } from './schema-decoders.js';
import { isSeldonTopic } from './seldon.js';

/** What became of a message, or of a pair of them. */
export interface Decoded {
  /** Native events, for the writer. */
  readonly events: readonly RawEvent[];
  readonly dead: readonly RefusedEvent[];
  /** The half that now waits for its other side. */
  readonly waiting: Half | null;
  /** The half that waited until now. */
  readonly met: Half | null;
  /** Halves that wait in memory. */
  readonly pending: number;
  readonly format: string;
  /** Why a message was left out on purpose, e.g. another component's call. */
  readonly skipped: string | null;
  /** Rows whose features got the names f0, f1, … */
  readonly unnamed: number;
}

/** What whoever reads a source knows of it beyond its topic. */
export interface Source {
  /** Null: by the mapping that claims the topic, else by looking at each message. */
  readonly format: Format | null;
  /** Key or name of the model, for formats that do not say it; null when they do. */
  readonly model: string | null;
}

export interface FormatDecoderOptions {
  readonly models: () => readonly Model[];
  readonly schemas: SchemaDecoders;
  readonly pending: PendingHalves;
}

const NOTHING = { events: [], dead: [], waiting: null, met: null, skipped: null, unnamed: 0 } as const;

/**
 * Foreign messages → native events. Identities: a message that is one row keeps its own; rows of a batch and of a pair have
 * identities derived from the message's (of a pair, the response's), so that a second delivery gives the same events. A
 * message with rows that cannot be understood becomes a dead letter whole, beside its good rows.
 */
export class FormatDecoder {
  private index = new ModelIndex([]);

  constructor(private readonly options: FormatDecoderOptions) {}

  /** True when the event has to be decoded; false costs a look at its first bytes. */
  isForeign({ topic, value, headers }: RawEvent): boolean {
    const format = this.formatOf(topic);
    if (format === 'native') return looksForeign(value, headers);
    return format !== null || isSeldonTopic(topic) || looksForeign(value, headers);
  }

  /** Takes note of models that changed. */
  refresh(): void {
    const models = this.options.models();
    if (!this.index.isOf(models)) this.index = new ModelIndex(models);
  }

  /** Throws SchemaRegistryError when the message cannot be read now; whatever else is wrong with it makes a dead letter. */
  async decode(event: RawEvent, now: number, source: Source | null = null): Promise<Decoded> {
    const message = foreignMessage(event, source?.model ?? null);
    try {
      const said = source?.format ?? this.index.format(message.topic);
      // a framed or enveloped message of a native topic holds native events
      const { format, opened } = await openMessage(
        message,
        said === 'native' || said === null ? 'auto' : said,
        this.options.schemas,
      );
      if (opened.kind === 'half')
        return this.meet({ ...opened.half, message, part: opened.part, since: now }, format);
      return this.done({ ...this.whole(opened, message), format });
    } catch (error) {
      return this.done({ dead: [deadLetter(message, this.ownerKey(message), asFormatError(error))] });
    }
  }

  /** A half as it is stored → a half as it waits; null when it cannot be read (any more) as one. */
  async reopen(message: ForeignMessage, since: number): Promise<Half | null> {
    try {
      const { opened } = await openMessage(message, 'auto', this.options.schemas);
      return opened.kind === 'half' ? { ...opened.half, message, part: opened.part, since } : null;
    } catch (error) {
      asFormatError(error);
      return null;
    }
  }

  /** A request and its response → events. */
  pair(one: Half, other: Half): Decoded {
    const [request, response] = one.side === 'request' ? [one, other] : [other, one];
    const messages = [request.message, response.message];
    try {
      const call = pairCall(request.id, request.part, response.part);
      return this.done({ ...this.rows(call, messages, response.message), met: other });
    } catch (error) {
      const reason = asFormatError(error);
      return this.done({
        dead: messages.map((message) => deadLetter(message, request.part.model ?? '', reason)),
        met: other,
      });
    }
  }

  private meet(half: Half, format: string): Decoded {
    const skipped = this.otherComponent(half.part, half.message);
    if (skipped) return this.done({ skipped, format });
    const other = this.options.pending.meet(half);
    return other === null ? this.done({ waiting: half, format }) : { ...this.pair(half, other), format };
  }

  private whole(opened: Exclude<Opened, { kind: 'half' }>, message: ForeignMessage): Partial<Decoded> {
    switch (opened.kind) {
      case 'native':
        return { events: [native(message, opened.value)] };
      case 'call':
        return this.rows(opened.call, [message], message);
      case 'truth':
        return { events: this.labels(opened.truth, message) };
      case 'skipped':
        return { skipped: opened.reason };
    }
  }

  private rows(call: Call, messages: readonly ForeignMessage[], last: ForeignMessage): Partial<Decoded> {
    const model = this.modelOf(call.model, call.tags['namespace'], last);
    const { events, problems, unnamed } = nativeRows(call, model, mappingOf(model), momentOf(last));
    if (call.inputs.length === 0) return { skipped: 'no_rows' };
    const own = call.inputs.length === 1 && messages.length === 1;
    return {
      events: events.map(({ row, event }) => ({
        ...(own ? position(last) : rowIdentity(last, row)),
        kind: 'prediction',
        receivedAt: last.receivedAt,
        value: Buffer.from(JSON.stringify(event)),
      })),
      dead:
        problems.length === 0
          ? []
          : messages.map((message) => deadLetter(message, model.key, summary(problems, call.inputs.length))),
      unnamed,
    };
  }

  private labels({ model: name, id, ts, labels }: GroundTruth, message: ForeignMessage): readonly RawEvent[] {
    const model = this.modelOf(name, undefined, message);
    const mapping = mappingOf(model);
    return labels.map((label, row) => ({
      ...(labels.length === 1 ? position(message) : rowIdentity(message, row)),
      kind: 'label',
      receivedAt: message.receivedAt,
      value: Buffer.from(
        JSON.stringify({
          prediction_id: labels.length === 1 ? id : `${id}/${row}`,
          model: model.key,
          ts: timeOf(ts, momentOf(message)),
          label: model.task === 'regression' ? label : className(label, mapping),
        }),
      ),
    }));
  }

  /** By the topic, by who sent it, by the name in it, by namespace and name. Throws FormatError `unknown_model`. */
  private modelOf(name: string | null, namespace: string | undefined, message: ForeignMessage): Model {
    const { index } = this;
    const found =
      index.owner(message.topic) ??
      (message.model === null ? undefined : index.find(message.model)) ??
      (name === null ? undefined : (index.find(`${namespace ?? ''}/${name}`) ?? index.find(name)));
    if (found) return found;
    const text = message.model ?? name;
    throw new FormatError(
      'unknown_model',
      text === null
        ? `the message does not say its model: set format.topic of the model to claim topic ${message.topic}`
        : `model "${text}" is not registered: register it, or list the name in format.names of the model it belongs to`,
    );
  }

  private otherComponent({ model, tags }: HalfPart, message: ForeignMessage): string | null {
    const { component, namespace } = tags;
    if (component === undefined) return null;
    const known =
      this.index.owner(message.topic) ??
      this.index.find(`${namespace ?? ''}/${model}`) ??
      this.index.find(model ?? '');
    return known && mappingOf(known).component !== component ? 'other_component' : null;
  }

  private formatOf(topic: string): string | null {
    try {
      return this.index.format(topic);
    } catch {
      // a wrong mapping is said with each message
      return 'auto';
    }
  }

  private ownerKey(message: ForeignMessage): string {
    try {
      return this.index.owner(message.topic)?.key ?? message.model ?? '';
    } catch {
      return '';
    }
  }

  private done(found: Partial<Decoded>): Decoded {
    return { ...NOTHING, format: '', ...found, pending: this.options.pending.size };
  }
}

const position = ({ topic, partition, offset }: RawEvent) => ({ topic, partition, offset });

function native(message: ForeignMessage, value: Buffer): RawEvent {
  return { ...position(message), kind: message.kind, receivedAt: message.receivedAt, value };
}

function summary(problems: readonly RowProblem[], rows: number): FormatError {
  const [first] = problems;
  const which = rows === 1 ? '' : `row ${first?.row} (${problems.length} of ${rows} rows are refused): `;
  return new FormatError(first?.code ?? 'undecodable', which + (first?.message ?? ''));
}

function deadLetter(event: RawEvent, model: string, { code, message }: FormatError): RefusedEvent {
  return { event, model, code, message };
}
