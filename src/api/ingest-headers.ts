import { BadRequestException, ForbiddenException } from '@nestjs/common';
import type { Request } from 'express';
import type { Source } from '../ingest/formats/format-decoder.js';
import { FORMATS } from '../domain/format-mapping.js';
import { askedInstant } from '../domain/instant.js';
import type { IngestRequest } from '../ingest/http/http-ingest.js';
import type { EventPosition } from '../ingest/http/http-positions.js';
import { mayDo, type Principal } from '../registry/principal.js';

export type Authenticated = Request & { readonly principal?: Principal };

/**
 * What the headers of a request say of its events. `tidewatch-format` and `tidewatch-model`: whose messages they are;
 * `tidewatch-position`: their place in a file, which is their identity; `tidewatch-as-of`: history is received as of its own
 * time, which only who operates the service may say. Throws 400 and 403 that name the header.
 */
export function ingestHeaders(
  request: Authenticated,
): Pick<IngestRequest, 'receivedAt' | 'position' | 'source'> {
  const [receivedAt, position, source] = [asOf(request), positionOf(request), sourceOf(request)];
  return {
    ...(receivedAt ? { receivedAt } : {}),
    ...(position ? { position } : {}),
    ...(source ? { source } : {}),
  };
}

function asOf(request: Authenticated): Date | null {
  const text = request.get('tidewatch-as-of');
  if (text === undefined) return null;
  if (!request.principal || !mayDo(request.principal, 'operate'))
    throw new ForbiddenException({
      code: 'forbidden',
      message: 'tidewatch-as-of needs a key that may operate',
    });
  const at = askedInstant(text);
  if (at === null || at.getTime() < EARLIEST || at.getTime() >= LATEST)
    throw badHeader(
      'bad_timestamp',
      `tidewatch-as-of: "${text}" is not an instant of 1970 to 2261 with its zone, such as 2026-11-21T10:00:00Z`,
    );
  return at;
}

/** What every table can hold. */
const EARLIEST = 0;
const LATEST = Date.UTC(2262, 0, 1);

/** Only files: a position of a Kafka topic would make the next owner of the partition skip what nobody read. */
const POSITION = /^file(?::|%3A)(?<name>[^/]{1,500})\/(?<partition>\d{1,5})\/(?<offset>\d{1,15})$/iu;

function positionOf(request: Authenticated): EventPosition | null {
  const text = request.get('tidewatch-position');
  if (text === undefined) return null;
  const { name = '', partition = '', offset = '0' } = POSITION.exec(text)?.groups ?? {};
  if (name === '' || Number(partition) > 65_535)
    throw badHeader(
      'bad_position',
      'tidewatch-position: write file:<name>/<partition>/<offset>, the name percent-encoded',
    );
  return { topic: `file:${decoded(name)}`, partition: Number(partition), offset: BigInt(offset) };
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function sourceOf(request: Authenticated): Source | null {
  const text = request.get('tidewatch-format');
  const model = request.get('tidewatch-model') ?? null;
  if (text === undefined && model === null) return null;
  const format = FORMATS.find((known) => known === (text ?? 'auto'));
  if (format === undefined || format === 'seldon')
    throw badHeader('bad_format', `tidewatch-format: "${text}" is none of ${SENT.join(', ')}`);
  return format === 'native' && model === null ? null : { format, model };
}

/** Seldon's messages are told apart by their Kafka topics. */
const SENT = FORMATS.filter((format) => format !== 'seldon');

function badHeader(code: string, message: string): BadRequestException {
  return new BadRequestException({ code, message });
}
