import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, type GraphQLObjectType } from 'graphql';
import { expect, it } from 'vitest';
import type { Permission } from '../domain/roles.js';
import { isOfModels } from './reach.js';

/**
 * Who may ask for what: for every permission the fields that need it, first those that are about single models, which keys that are limited to some
 * models may ask for too, then those that are about all of them. A field of the schema that stands nowhere here is an error.
 */
const FIELDS: Readonly<
  Record<Exclude<Permission, 'ingest' | 'operateOwn'>, readonly [ofModels: string, ofAll: string]>
> = {
  read: [
    `alerting approval approvalWithdraw case caseChanged cases deadLetterCounts incident incidents model models node retraining retrainingChanged retrainings
     whyNot whyNotTrained windowJudged`,
    `approvals channels deliveries migrations platform policies policyProposals policyVersions replicas seriousIncidents silences whyNotified`,
  ],
  examine: [
    'deadLetters humanOverrides incidentReport retrainingPreview trainingManifest verdictRecompute',
    'deadLetter policyDryRun',
  ],
  audit: [
    '',
    'auditActions auditChanges auditChecking auditCheckpoint auditCheckpoints auditConsistency auditEvents auditProof auditRefusals auditSubjectTypes auditVerification erasures keys legalHolds people retention',
  ],
  operate: [
    `baselinePin caseAcknowledge caseAssign caseClose caseNormal caseNote caseReopen deadLetterReplay incidentAcknowledge incidentClose incidentReportFile modelVersionRegister
     modelVersionStageChange monitoringRunRecord overrideRecord retrainingBreakerReset retrainingCancel retrainingRequest segmentAdopt seriousIncidentDeclare
     seriousIncidentWithdraw`,
    `auditCheckpointSign deliveriesReplay deliveryReplay destinationEnable destinationTest modelRegister policyPropose silenceCreate silenceExpire`,
  ],
  approve: ['approvalDecide retrainingApprove retrainingReject', ''],
  admin: [
    '',
    'auditChangesReview auditRefusalsReview keyCreate keyRevoke legalHoldPlace legalHoldRelease personErase subjectErase',
  ],
};

/** Addresses and what they need; `own`: the address has proof of its own (a run's token, a signature), `open`: none. `+`: limited keys too. */
const ADDRESSES: Readonly<Record<string, string>> = {
  'get /graphql/schema.graphql': 'open',
  'get /health/live': 'open',
  'get /health/ready': 'open',
  'get /metrics': 'open',
  'get /schemas/approval.v1.json': 'open',
  'get /schemas/case.v1.json': 'open',
  'get /schemas/deadline.v1.json': 'open',
  'get /schemas/digest.v1.json': 'open',
  'get /schemas/ledger.v1.json': 'open',
  'get /schemas/test.v1.json': 'open',
  'get /schemas/training.v1.json': 'open',
  'get /schemas/weekly.v1.json': 'open',
  'get /v1/audit/export': 'audit',
  'get /v1/audit/pack': 'audit',
  'get /v1/openapi.json': 'open',
  'get /v1/retrainings/:id/files/:name': 'own +',
  'get /v1/retrainings/:id/manifest': 'own +',
  'get /v1/unsubscribe/:token': 'own',
  'post /v1/callbacks/retrain/:id': 'own',
  'post /v1/cloudevents': 'ingest',
  'post /v1/events': 'ingest +',
  'post /v1/labels': 'ingest +',
  'post /v1/predictions': 'ingest +',
  'post /v1/registries/:name/events': 'own',
  'post /v1/slack/interactions': 'own',
  'post /v1/unsubscribe/:token': 'own',
};

const OWN: ReadonlySet<string> = new Set(
  Object.keys(ADDRESSES).filter((address) => ADDRESSES[address]?.startsWith('own')),
);
const MATRIX = Object.entries(FIELDS).flatMap(([scope, [ofModels, ofAll]]) => [
  ...words(ofModels).map((field) => [field, scope, true] as const),
  ...words(ofAll).map((field) => [field, scope, false] as const),
]);

function words(text: string): readonly string[] {
  return text.split(/\s+/u).filter(Boolean);
}

/** Sources of this folder by their ending; read as text, for loading them loads the whole service. */
function sources(ending: string): readonly string[] {
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith(ending));
  return files.map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'));
}

/** What the class asks of whoever comes, unless a method says otherwise. */
function needOf(text: string): string {
  return /^@Needs\('(\w+)'\)/mu.exec(text)?.[1] ?? 'open';
}

function declaredFields(): readonly (readonly [field: string, need: string])[] {
  return sources('.resolver.ts').flatMap((text) =>
    [
      ...text.matchAll(/^ {2}@(?:Query|Mutation|Subscription)\('(\w+)'\)\n(?: {2}@Needs\('(\w+)'\)\n)?/gmu),
    ].map(([, field = '', own]) => [field, own ?? needOf(text)] as const),
  );
}

function declaredAddresses(): readonly (readonly [address: string, need: string])[] {
  return sources('.controller.ts').flatMap((text) => {
    const base = /@Controller\((?:'(.*?)')?\)/u.exec(text)?.[1] ?? '';
    const limited =
      /^@ForLimitedKeys\(\)/mu.test(text) || text.includes('this.access.admit(id, run, request)');
    return [...text.matchAll(/@(Get|Post|Put|Patch|Delete)\('(.*?)'\)/gu)].map(
      ([, method = '', path = '']) => {
        const address = `${method.toLowerCase()} ${`/${base}/${path}`.replaceAll(/\/+/gu, '/')}`;
        const need = needOf(text);
        return [
          address,
          `${need === 'open' && OWN.has(address) ? 'own' : need}${limited ? ' +' : ''}`,
        ] as const;
      },
    );
  });
}

it('G-20: every field of the API needs a permission, and every permission has its fields', () => {
  const schema = buildSchema(readFileSync(join(import.meta.dirname, 'schema.graphql'), 'utf8'));
  const fieldsOf = (type: GraphQLObjectType | null | undefined) => Object.keys(type?.getFields() ?? {});
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const inSchema = roots.flatMap(fieldsOf);
  expect(inSchema.toSorted()).toEqual(MATRIX.map(([field]) => field).toSorted());
  expect(Object.fromEntries(declaredFields())).toEqual(
    Object.fromEntries(MATRIX.map(([field, scope]) => [field, scope])),
  );
});

it('G-20: keys that are limited to models reach what says which model it is about, and nothing else', () => {
  expect(MATRIX.filter(([field, , ofModels]) => isOfModels(field) !== ofModels)).toEqual([]);
});

it('G-20: every address of the API has what it needs', () => {
  expect(Object.fromEntries(declaredAddresses())).toEqual(ADDRESSES);
});
