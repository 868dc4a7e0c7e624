import { stat } from 'node:fs/promises';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { canonicalJson } from '../ledger/canonical-json.js';
import { TooManyWrongKeys } from '../registry/key-door.js';
import { bearerToken } from '../registry/request-token.js';
import { isCallbackToken } from '../retraining/callback-token.js';
import type { RecordedManifest } from '../retraining/manifest.js';
import { mayNotText } from '../domain/roles.js';
import { calledText, mayDo } from '../registry/principal.js';
import { Service } from '../service.js';
import { principalOf } from './access.js';
import { outOfReach } from './reach.js';
import { refusal } from './refusal.js';
import { whyNotTaken } from './taken-along.js';

const AS_IT_IS = { etag: false, cacheControl: false, lastModified: false, dotfiles: 'allow' } as const;

/** What a training run learns from, for its job (by the token of the run) and for keys that may read. */
@Controller('v1/retrainings')
export class TrainingFileController {
  constructor(private readonly service: Service) {}

  /** The manifest as it was recorded: SHA-256 of this very text is the digest in the request and the ledger. */
  @Get(':id/manifest')
  async manifest(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const { manifest, digest } = await this.recorded(id, request);
    response.status(200).setHeader('content-type', 'application/json');
    response.setHeader('etag', `"${digest}"`);
    response.end(canonicalJson(manifest));
  }

  /** A file that the manifest names. `Range` resumes a download; `ETag` is the file's SHA-256, so `If-Range` never mixes two files. */
  @Get(':id/files/:name')
  async file(
    @Param('id') id: string,
    @Param('name') name: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { manifest } = await this.recorded(id, request);
    const file = manifest.files.find((one) => one.name === name);
    const known = manifest.files.map((one) => one.name).join(', ') || 'none';
    if (!file) throw refusal(404, 'no_such_file', `the manifest names no file "${name}"; it names: ${known}`);
    const path = this.service.stages.trainingFiles.pathOf(id, name);
    const size =
      path === null
        ? null
        : await stat(path)
            .then((found) => found.size)
            .catch(() => null);
    if (path === null || size !== file.bytes) {
      const why = this.service.stages.erasures.touched(id)
        ? 'a person was erased whose rows this file held: ask for another run'
        : 'the file is not on this machine any more: files are kept for keepFiles after the run ended';
      throw refusal(410, 'file_removed', why);
    }
    response.setHeader('etag', `"${file.sha256}"`);
    response.setHeader(
      'content-type',
      file.format === 'csv' ? 'text/csv; charset=utf-8' : 'application/vnd.apache.parquet',
    );
    response.attachment(name);
    await sendFile(response, path, file.bytes);
  }

  private async recorded(id: string, request: Request): Promise<RecordedManifest> {
    await this.admit(id, request);
    const found = this.service.stages.retrainings.manifestOf(id);
    if (found) return found;
    const run = this.service.stages.retrainings.find(id);
    if (!run) throw refusal(404, 'retraining_not_found', `there is no training run ${id}`);
    throw refusal(
      404,
      'manifest_not_made',
      `run ${id} is ${run.state}: its manifest is made when it is sent`,
    );
  }

  private async admit(id: string, request: Request): Promise<void> {
    const token = bearerToken(request.headers) ?? '';
    const run = this.service.stages.retrainings.find(id);
    if (run && isCallbackToken(token, run.tokenHash)) return;
    const principal = this.principalOf(request);
    if (principal === null)
      throw refusal(401, 'unauthenticated', 'send the token of the run, or a key that may read');
    if (!mayDo(principal, 'examine'))
      throw refusal(403, 'forbidden', `${calledText(principal)} ${mayNotText('examine')}`);
    const beyond = outOfReach(this.service, principal, 'retraining', { id });
    if (beyond !== null) throw refusal(403, 'forbidden', `${calledText(principal)} is for ${beyond}`);
    const taken = { what: `what training ${id} learns from`, models: run ? [run.model] : [] };
    const why = await whyNotTaken(this.service, principal, taken);
    if (why !== null) throw refusal(403, 'wrong_region', why);
  }

  private principalOf(request: Request): ReturnType<typeof principalOf> {
    try {
      return principalOf(this.service.door, request);
    } catch (error) {
      if (!(error instanceof TooManyWrongKeys)) throw error;
      request.res?.set('Retry-After', String(error.retryAfterS));
      throw refusal(429, error.code, error.message);
    }
  }
}

/** Sends a file, or what `Range` asks for of it. Throws a refusal where nothing of it was sent. */
async function sendFile(response: Response, path: string, bytes: number): Promise<void> {
  const failure = await new Promise<unknown>((resolve) => response.sendFile(path, AS_IT_IS, resolve));
  // Who leaves half-way asks for the rest later; nobody is there to be told.
  if (!failure || response.headersSent) return;
  for (const header of ['etag', 'content-type', 'content-disposition']) response.removeHeader(header);
  const { status = 500 } = failure as { readonly status?: number };
  if (status !== 416) throw failure;
  response.setHeader('content-range', `bytes */${bytes}`);
  throw refusal(416, 'range_not_satisfiable', `the file has ${bytes} bytes: there is nothing in that range`);
}
