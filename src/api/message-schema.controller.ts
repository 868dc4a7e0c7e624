import { Controller, Get } from '@nestjs/common';
import { z } from 'zod';
import { ApprovalNotice } from '../domain/approval-notice.js';
import { CaseEventData } from '../domain/case-message.js';
import { DeadlineNotice } from '../domain/deadline-notice.js';
import { DigestMessage } from '../domain/digest-message.js';
import { LedgerNotice } from '../domain/ledger-notice.js';
import { TestEventData } from '../domain/test-message.js';
import { TrainingNotice } from '../domain/training-notice.js';
import { WeeklyMessage } from '../domain/weekly-message.js';

/** JSON Schemas of what webhooks carry as `data`; their address is each event's `dataschema`. A field is added within a version, never changed. */
@Controller('schemas')
export class MessageSchemaController {
  @Get('case.v1.json')
  case(): object {
    return schemaOf(CaseEventData, 'A case, as webhooks carry it');
  }

  @Get('digest.v1.json')
  digest(): object {
    return schemaOf(
      DigestMessage.omit({ type: true }),
      'Cases of which messages were held back, as webhooks carry them',
    );
  }

  @Get('weekly.v1.json')
  weekly(): object {
    return schemaOf(WeeklyMessage.omit({ type: true }), 'What a destination is told of a week');
  }

  @Get('approval.v1.json')
  approval(): object {
    return schemaOf(
      ApprovalNotice.omit({ type: true }),
      'What others have to agree to, as webhooks carry it',
    );
  }

  @Get('deadline.v1.json')
  deadline(): object {
    return schemaOf(DeadlineNotice.omit({ type: true }), 'What people owe by when, as webhooks carry it');
  }

  @Get('ledger.v1.json')
  ledger(): object {
    return schemaOf(LedgerNotice.omit({ type: true }), 'What is wrong with the ledger, as webhooks carry it');
  }

  @Get('test.v1.json')
  test(): object {
    return schemaOf(TestEventData, 'That a destination takes messages, as webhooks carry it');
  }

  @Get('training.v1.json')
  training(): object {
    return schemaOf(TrainingNotice.omit({ type: true }), 'A step of a training, as webhooks carry it');
  }
}

/** Without `type`, which stands in the event around it. */
function schemaOf(data: z.ZodType, title: string): object {
  return { ...z.toJSONSchema(data, { io: 'output' }), title };
}
