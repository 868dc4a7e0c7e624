import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BadRequestException, ConflictException, Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { askedInstant } from '../domain/instant.js';
import type { ExportRange } from '../ledger/export.js';
import { Ledger } from '../ledger/ledger.js';
import { AuditActions } from '../pipeline/audit-actions.js';
import { actorOf } from '../registry/principal.js';
import { SYSTEM, type Actor } from '../domain/ledger-entry.js';
import { Needs } from './access.js';
import type { Authenticated } from './ingest-headers.js';
import { refusal } from './refusal.js';
import { TakenAlong } from './taken-along.js';

type ExportQuery = Readonly<
  Partial<Record<'first' | 'last' | 'older' | 'since' | 'until' | 'model', string>>
>;

/** The ledger as evidence that needs neither this service nor a network to be checked (NDJSON, see `tidewatch audit verify <file>`). */
@Controller('v1/audit')
@Needs('audit')
export class AuditExportController {
  constructor(
    private readonly ledger: Ledger,
    private readonly actions: AuditActions,
    private readonly along: TakenAlong,
  ) {}

  /** The same entries, or those about one `model`, with the policies, references, checkpoints and a verifier, as one archive. 409 when the log is not the one that was signed. */
  @Get('pack')
  async pack(
    @Query() query: ExportQuery,
    @Req() request: Authenticated,
    @Res() response: Response,
  ): Promise<void> {
    await this.ledger.refresh();
    const model = query.model ?? null;
    await this.demandTaken('the evidence pack', request);
    const { checkpoint, damage } = await this.actions.vouched();
    if (damage !== undefined)
      throw new ConflictException({
        code: 'log_not_intact',
        message: `${damage}: a pack would prove nothing; export what there is with /v1/audit/export`,
      });
    const range = await rangeOf(query, this.ledger);
    demandCovered(range, checkpoint.head.size);
    const about = model === null ? null : await this.actions.ofModel(model, checkpoint, range);
    if (about?.entries.length === 0)
      throw refused(`model: no entry of this period is about a model with the key "${about.model}"`);
    await this.actions.recordTaken('pack', actorIn(request), range, model);
    const chunks = await this.actions.packed(checkpoint, range, about);
    response.status(200).setHeader('Content-Type', 'application/x-tar');
    await pipeline(Readable.from(chunks), response).catch(() => response.destroy());
  }

  /** 400 with the reason when the range cannot be exported; signs a checkpoint that covers it first. */
  @Get('export')
  async export(
    @Query() query: ExportQuery,
    @Req() request: Authenticated,
    @Res() response: Response,
  ): Promise<void> {
    await this.ledger.refresh();
    await this.demandTaken('the audit export', request);
    const vouched = await this.actions.vouched();
    const range = await rangeOf(query, this.ledger);
    const lines = this.actions.exported(vouched, range);
    const head = await begin(lines);
    await this.actions.recordTaken('export', actorIn(request), range);
    response.status(200).setHeader('Content-Type', 'application/x-ndjson');
    response.write(head);
    // a client that leaves ends the pipeline; nobody is there to be told
    await pipeline(Readable.from(lines), response).catch(() => response.destroy());
  }

  /** Entries of the ledger hold what was found in the data of every model, also entries about one. Throws 403. */
  private async demandTaken(what: string, { principal }: Authenticated): Promise<void> {
    const why = principal ? await this.along.whyNot(principal, { what, models: null }) : null;
    if (why !== null) throw refusal(403, 'wrong_region', why);
  }
}

function actorIn({ principal }: Authenticated): Actor {
  return principal ? actorOf(principal) : SYSTEM;
}

/** The first line: whether the range can be exported shows before the answer has begun. */
async function begin(lines: AsyncGenerator<string>): Promise<string> {
  try {
    const { value } = await lines.next();
    return typeof value === 'string' ? value : '';
  } catch (error) {
    if (error instanceof RangeError) throw refused(error.message);
    throw error;
  }
}

async function rangeOf(query: ExportQuery, ledger: Ledger): Promise<ExportRange> {
  const [first, last, older] = [place('first', query), place('last', query), place('older', query)];
  const [since, until] = [boundOf('since', query), boundOf('until', query)];
  if (since && until && since >= until)
    throw refused(
      `since: nothing lies between ${since.toISOString()} and ${until.toISOString()}: write an earlier one`,
    );
  const from = since ? await ledger.read({ since, limit: 1 }) : [];
  const to = until ? await ledger.read({ until, limit: 1, newestFirst: true }) : [];
  if ((since && !from[0]) || (until && !to[0])) throw refused('no entry is in this period');
  const begins = first ?? from[0]?.seq;
  const ends = last ?? to[0]?.seq;
  return {
    ...(begins === undefined ? {} : { first: begins }),
    ...(ends === undefined ? {} : { last: ends }),
    ...(older === undefined ? {} : { older }),
  };
}

/** Before the answer begins, so that a wrong range is a 400. */
function demandCovered({ first = 1, last }: ExportRange, size: number): void {
  if (first >= 1 && first <= (last ?? size) && (last ?? size) <= size) return;
  throw refused(`entries ${first} to ${last ?? size} cannot be packed: the checkpoint covers 1 to ${size}`);
}

function place(name: 'first' | 'last' | 'older', query: ExportQuery): number | undefined {
  const text = query[name];
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw refused(`${name}: a number of entries, not "${text}"`);
  return Number(text);
}

function boundOf(name: 'since' | 'until', query: ExportQuery): Date | undefined {
  const text = query[name];
  if (text === undefined) return undefined;
  const at = askedInstant(text);
  if (at === null)
    throw refused(`${name}: "${text}" is not an instant: write 2026-11-21T10:00:00Z, with its zone`);
  return at;
}

function refused(message: string): BadRequestException {
  return new BadRequestException({ code: 'bad_range', message });
}
