/**
 * Every action a ledger entry can have, with what it means. Names are `noun.verb_past` and stable: auditors filter by them, so a name is
 * added, never changed. Entries keep the name they were written with.
 */
export const ACTIONS = {
  'model.registered': 'A model was described for the first time.',
  'model.updated':
    'The description of a model changed; the entry holds every changed field before and after, and what a model file took back (`undoes`).',
  'model_version.seen': 'The first prediction of a model version arrived.',
  'model_version.registered': 'A model version was announced, with the stage it is to have.',
  'model_version.described':
    'Somebody said where a model version comes from: data, code, metrics, artifact, answers to the questions of a launch.',
  'model_version.stage_changed':
    'A model version moved to another stage of its life (shadow, champion, retired, …).',
  'baseline.pinned': 'A frozen reference was put in force for a model, named by its fingerprint.',
  'baseline.labels_learnt':
    'Labels that came after the reference was frozen taught what performance is usual; it is judged from here on.',
  'baseline.calibration_learnt':
    'Labels of a version whose answers the reference does not have taught how they are calibrated; what is expected of it without labels is shown from here on.',
  'key.created': 'An API key was made, or one given by the environment was taken in; only its hash is kept.',
  'key.revoked': 'An API key stopped being accepted.',
  'person.signed_in':
    'A person signed in through the identity provider; the entry has the roles that their groups gave them.',
  'person.signed_out': 'A sign-in of a person ended before its time; the entry says why.',
  'person.erased':
    'The name and address of a person who signed in were deleted; what they did stays under an id that says nothing. The entry says why.',
  'person.roles_changed':
    'The identity provider said of a person who is signed in that their roles are others now.',
  'data.deleted':
    'Rows that are older than they are kept for, and not needed any more, were deleted; the entry names the class, the tables with the number of their rows, and the rule.',
  'subject.erasure_proposed':
    'Somebody asked for a person to be erased whose rows are of models of high risk; another person has to ask for the same.',
  'subject.erasure_requested':
    'A person is erased from here on: what is stored goes, what comes is refused. The entry knows the person by a keyed hash.',
  'subject.erasure_refused':
    'Somebody asked for a person to be erased of whom something is held; the entry names the holds. Nothing was deleted.',
  'subject.erased':
    'Nothing about a person is left in the store; the entry has the rows by table, the models and days they were of, and training runs whose files were deleted.',
  'hold.placed':
    'Somebody said what may not be deleted, neither by age nor by erasure: a model, a time, or a person by a keyed hash.',
  'hold.released': 'Somebody ended a hold.',
  'residency.refused':
    'Data of a model would have been where it may not lie: rows that were sent here, a message, or what somebody wanted to take along. There is one an hour at most for each.',
  'dead_letters.replayed':
    'Somebody sent the bytes of refused events again; the entry has which ones were meant, and how many were stored.',
  'audit.read':
    'A person looked into this ledger; the entry has what they asked for first, and there is one an hour at most.',
  'audit.exported': 'Somebody took entries of this ledger with them, as an export or an evidence pack.',
  'replica.joined': 'A process took up its part of the models of a store that several may share.',
  'replica.left': 'A process ended in order; others have its models.',
  'replica.lost':
    'A process was not heard of any more and records nothing from here on; others have its models.',
  'ledger.key_adopted':
    'The key that checkpoints of this ledger are signed with; processes that share the store share it.',
  'window.evaluated': 'Windows of a model version were checked and judged; the entry lists them.',
  'window.rows_changed':
    'Rows or labels of judged windows are others than they were judged on, or are not there any more, and not by what came since: somebody edited or deleted them in the store. The windows stay as they were judged.',
  'window.rows_replaced':
    'Rows of judged windows were replaced by others of the same ids that came later by their own account; the windows were judged again.',
  'window.results_changed':
    'Stored results of judged windows are not those that were recorded, are not there any more, or were never recorded: somebody edited, deleted or added them in the store.',
  'window.changes_reviewed':
    'A person looked into judged windows whose rows or results were changed in the store, or another look found them as they were judged.',
  'policy.activated': 'A policy came into force, named by the hash of its content; the entry holds its text.',
  'policy.retired': 'A policy is not in force any more.',
  'policy.proposed':
    'Somebody wants a policy in force; the entry holds its text and what it would have done with stored results.',
  'policy.scheduled': 'A policy was agreed to and comes into force on the day that the entry names.',
  'policy.withdrawn':
    'A policy that was agreed to for a later day does not come into force: a newer version did meanwhile, or a person called it off; the entry says why.',
  'approval.requested':
    'Other people were asked to agree to something; the entry holds what, and its hash. Trainings and promotions ask in entries of their own.',
  'approval.joined': 'Somebody else asked for what waits already, and why; they say no yes to it.',
  'approval.given':
    'A person said yes to what waits; the entry says how many did and how many must, and names the hash of what it is a yes to.',
  'approval.declined': 'A person said no to what waited, and why.',
  'approval.refused':
    'A person tried to say yes or no to what they may not: to what they asked for themselves, of a model of theirs, by a key of their own making, or without the right to decide anything. It does not count; there is one entry for each reason.',
  'approval.expired': 'Nobody decided in time what waited for a yes or no.',
  'approval.withdrawn':
    'Nobody has to decide any more what waited: whoever asked took it back, it changed, or came about otherwise.',
  'delivery.requested':
    'A message is owed to a destination; from here on it ends delivered, dead or superseded.',
  'delivery.attempting': 'An attempt to deliver begins; written before the network is used.',
  'delivery.delivered': 'The destination has the message.',
  'delivery.retry_scheduled': 'The destination surely did not take the message; it is tried again later.',
  'delivery.ambiguous': 'The destination may have the message; it is asked before anything is sent again.',
  'delivery.dead': 'The message will not be tried again by itself: a dead letter that a person must look at.',
  'delivery.superseded': 'A later message says everything this one would have said.',
  'delivery.replayed': 'Somebody put a dead letter back in the queue, under its own id.',
  'destination.unsubscribed':
    'Somebody who reads a mailbox wants no more mails there; it is closed until somebody opens it again.',
  'destination.enabled': 'Somebody opened a destination again that had answered "gone".',
  'retraining.requested': 'A training run was asked for.',
  'retraining.proposed': 'A training run waits for a person to approve it.',
  'retraining.approved': 'A person approved a proposed training run.',
  'retraining.deferred':
    'A training run is not possible yet; the entry names the guard rail and, where it is known, when it is decided again.',
  'retraining.joined':
    'A training run that was proposed or under way is to end another problem of its case, too, or a person wants it as well.',
  'retraining.lapsed': 'The problem ended before a deferred training run was possible, so none is asked for.',
  'retraining.declined': 'A person said no to a proposed training run.',
  'retraining.recommended':
    'A training run was advised but not asked for, because the model is in that mode.',
  'retraining.refused':
    'A guard rail did not let a training run be asked for, and waiting cannot change that; the entry names it.',
  'retraining.manifest_made':
    'What a training run learns from was counted and, where files are wanted, written; the entry holds the manifest and its digest.',
  'retraining.progressed': 'The training job told how far it is.',
  'retraining.cancelled': 'A person called off a training run that was asked for.',
  'retraining.timed_out': 'The training job did not answer or did not end in time.',
  'retraining.unused': 'The version that a training run made has not sent a row in the time it was given.',
  'retraining.evaluated':
    'The version that a training run made was held against the one it is to replace, and the difference is sure.',
  'retraining.promotion_proposed':
    'A better version that a training run made waits for a person to say that it takes over.',
  'retraining.promotion_approved': 'A person said that the version a training run made takes over.',
  'retraining.promotion_declined': 'A person said that the version a training run made stays what it is.',
  'retraining.promoted': 'The version that a training run made answers from now on.',
  'retraining.validated':
    'The problem that caused a training run did not show in the version it made or, where it made none of its own, ended after it.',
  'retraining.rejected':
    'The problem that caused a training run was there again under the version it made or, where it made none of its own, after it.',
  'retraining.asked_again':
    'The problem that caused a training run was raised again before the version it made answered: it counts among those that did not help.',
  'retraining.breaker_reset': 'Somebody allowed retraining again after runs that did not help.',
  'incident.opened':
    'A policy found a problem; the entry holds the incident as it stands afterwards, as every entry about one does.',
  'incident.observed': 'Open incidents were found again in a newer window, or are not yet clear.',
  'incident.escalated': 'An incident became more severe, or its acknowledgement ran out.',
  'incident.amended':
    'What is known of an incident changed: corrected data, a larger effect, an explanation found or outlived.',
  'incident.acknowledged': 'A person took an incident on.',
  'incident.recovering': 'A window was clear; enough of them in a row end the incident.',
  'incident.reopened': 'An incident came back, before its end or within a day after it.',
  'incident.closed': 'An incident ended: enough clear windows, or a person said so.',
  'incident.withdrawn': 'Corrected data no longer show what opened an incident.',
  'incident.superseded':
    'The version an incident is about was replaced or retired; nothing says that it recovered.',
  'case.acknowledged': 'A person took everything on that is open in a case.',
  'case.assigned': 'A case was given to somebody, or to nobody.',
  'case.noted': 'A person wrote something down about a case.',
  'case.closed': 'A person said what a case was, and ended what was open of it.',
  'case.escalated': 'Nobody had taken a case on for as long as its route allows, so others were told.',
  'case.reminded': 'Those who were told of a case were reminded that nobody has taken it on.',
  'case.reopened': 'A person opened again what had been closed by hand.',
  'serious_incident.declared':
    'A person said that a case is a serious incident, of which class, and when people became aware of it: from then on the time runs in which an authority has to have a report.',
  'serious_incident.withdrawn': 'A person said that a case is no serious incident after all, and why.',
  'serious_incident.reported':
    'A report of a serious incident went out, interim or final; the entry holds the report, its SHA-256 and who has it.',
  'serious_incident.reminded': 'People were told that a report of a serious incident is due, or overdue.',
  'monitoring_plan.run':
    'A person went through the monitoring plan of a model and wrote down what they found.',
  'override.recorded':
    'A person decided otherwise than a model did; the entry has both decisions and why, and knows the prediction and the person it is about by keyed hashes.',
  'silence.created': 'A person said that what matches is not to be told for a time.',
  'silence.expired': 'A person ended a silence before its time.',
  'silence.suppressed': 'A silence or a maintenance window held back what somebody would have been told.',
  'silence.released': 'What was held back is told now, or has ended untold.',
  'ledger.authenticated':
    'From here on every entry carries a code that only the holder of the key of the ledger can make; the entry vouches for those before it.',
  'ledger.checked': 'Every stored byte of the ledger was looked at again, and nothing was wrong.',
  'ledger.entry_refused':
    'A row stands in the ledger that this service did not write; it is shown, and not obeyed.',
  'ledger.refusals_reviewed': 'A person looked into the rows that were refused.',
  'click.taken':
    'Somebody pressed a button of a message in Slack; the entry has what was asked and answered.',
} as const satisfies Readonly<Record<string, string>>;

/** What an action means; undefined for one that this release does not know. */
export function actionMeaning(action: string): string | undefined {
  return (ACTIONS as Readonly<Record<string, string>>)[action];
}

/** What an entry can be about. */
export const SUBJECT_TYPES = [
  'model',
  'model_version',
  'incident',
  'case',
  'serious_incident',
  'silence',
  'click',
  'delivery',
  'destination',
  'retraining',
  'policy',
  'approval',
  'key',
  'data_subject',
  'replica',
  'person',
  'hold',
  'ledger',
  'store',
] as const;
