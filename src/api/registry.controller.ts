import { Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { Clock } from '../domain/clock.js';
import { ModelActions } from '../pipeline/model-actions.js';
import { isSignedByMlflow, readMlflowEvent, type RegistryNews } from '../registry/mlflow-event.js';
import { ModelNotFound, RegistryError } from '../registry/registry-error.js';
import { rawBody } from './raw-body.js';
import { refusal } from './refusal.js';

const MOST_EVENT_BYTES = 256 * 1024;

/** Events of registries of versions (MLflow's webhooks). Their signature is the key. */
@Controller('v1/registries')
export class RegistryController {
  constructor(
    private readonly actions: ModelActions,
    private readonly clock: Clock,
  ) {}

  @Post(':name/events')
  @HttpCode(202)
  async take(@Param('name') name: string, @Req() request: Request): Promise<{ status: string }> {
    const settings = this.actions.registry(name);
    if (!settings) throw refusal(404, 'no_such_registry', `the retraining file has no registry "${name}"`);
    const body = await rawBody(request, MOST_EVENT_BYTES);
    const signed = {
      delivery: request.get('x-mlflow-delivery-id'),
      timestamp: request.get('x-mlflow-timestamp'),
      signature: request.get('x-mlflow-signature'),
      body,
    };
    if (!isSignedByMlflow(signed, settings.secret, this.clock.now()))
      throw refusal(401, 'bad_signature', 'the request is not signed with the secret of this registry, or too old'); // prettier-ignore
    const news = understood(body);
    if (news === null) return { status: 'nothing to do' };
    const approval = await this.actions.hear({ name, settings }, news).catch((error: unknown) => {
      throw refused(error);
    });
    return { status: approval === null ? 'done' : `waits for approval ${approval}` };
  }
}

function understood(body: Buffer): RegistryNews | null {
  try {
    return readMlflowEvent(body);
  } catch (error) {
    throw refused(error);
  }
}

/** A server that cannot be asked may be asked again: MLflow repeats what was answered so. */
function refused(error: unknown): unknown {
  if (error instanceof ModelNotFound) return refusal(404, error.code, error.message);
  if (!(error instanceof RegistryError)) return error;
  const status = error.code === 'mlflow' ? 502 : error.code === 'bad_event' ? 400 : 409;
  return refusal(error.code === 'model_not_mapped' ? 404 : status, error.code, error.message);
}
