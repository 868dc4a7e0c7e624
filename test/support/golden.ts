import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EventKind, RawEvent } from '../../src/domain/event.js';
import { Model } from '../../src/domain/model.js';
import type { KnownSchema } from './schema-registry.js';

const FOLDER = fileURLToPath(new URL('../golden', import.meta.url));

/** When golden messages arrive: 2025-11-21T10:00:00Z. */
export const GOLDEN_NOW = 1_763_719_200_000;

interface GoldenMessage {
  readonly topic: string;
  readonly offset: number;
  readonly kind?: EventKind;
  readonly headers?: Readonly<Record<string, string>>;
  readonly headersHex?: Readonly<Record<string, string>>;
  readonly key?: string;
  /** The value, one of four ways. */
  readonly json?: unknown;
  readonly text?: string;
  readonly hex?: string;
  readonly file?: string;
}

/** A native event that must come out; `text` when its bytes matter. */
export interface GoldenEvent {
  readonly topic: string;
  readonly offset: string;
  readonly kind: EventKind | null;
  readonly value?: unknown;
  readonly text?: string;
}

export interface Golden {
  readonly name: string;
  readonly what: string;
  readonly models: readonly Model[];
  readonly registry: readonly KnownSchema[];
  readonly messages: readonly RawEvent[];
  readonly expected: {
    readonly events: readonly GoldenEvent[];
    /** `message` begins with ~ when only its beginning counts. */
    readonly dead: readonly { readonly offset: string; readonly code: string; readonly message: string }[];
    readonly waiting: number;
    readonly skipped: readonly string[];
    readonly unnamed: number;
  };
}

/** Every case under test/golden: messages as a source sends them and the native events they must become. */
export function goldenCases(): readonly Golden[] {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.json'),
  );
  return files.toSorted().map((name) => {
    const read = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Omit<Golden, 'messages'> & {
      messages: readonly GoldenMessage[];
    };
    return {
      ...read,
      name: name.replace('.json', ''),
      models: read.models.map((model) => Model.parse(model)),
      registry: read.registry ?? [],
      messages: read.messages.map((message) => rawEvent(message, join(FOLDER, dirname(name)))),
    };
  });
}

function rawEvent(message: GoldenMessage, folder: string): RawEvent {
  const { topic, offset, kind = null, headers = {}, headersHex = {}, key } = message;
  const texts = Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)] as const);
  const bytes = Object.entries(headersHex).map(([name, value]) => [name, Buffer.from(value, 'hex')] as const);
  return {
    kind,
    topic,
    partition: 0,
    offset: BigInt(offset),
    receivedAt: GOLDEN_NOW,
    value: valueOf(message, folder),
    headers: new Map([...texts, ...bytes]),
    ...(key === undefined ? {} : { key: Buffer.from(key) }),
  };
}

function valueOf({ json, text, hex, file }: GoldenMessage, folder: string): Buffer {
  if (file !== undefined) return readFileSync(join(folder, file));
  if (hex !== undefined) return Buffer.from(hex, 'hex');
  return Buffer.from(text ?? JSON.stringify(json));
}
