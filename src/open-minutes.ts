import type { Stages } from './pipeline/stages.js';
import { WindowsWithout } from './pipeline/windows-without.js';
import { Arrivals } from './profiles/arrivals.js';
import { Classifiers } from './profiles/classifiers.js';
import { Outcomes } from './profiles/outcomes.js';
import { SetProfiles } from './profiles/set-profiles.js';
import { NewLabels } from './retraining/new-labels.js';
import type { Database } from './store/database.js';

type Read = Pick<
  Stages,
  'setProfiles' | 'arrivals' | 'outcomes' | 'classifiers' | 'newLabels' | 'windowsWithout'
>;

/** What is read from stored rows and their labels, beside the profiles of each model. */
export function openMinutes(database: Database): Read {
  return {
    setProfiles: new SetProfiles(database),
    arrivals: new Arrivals(database),
    outcomes: new Outcomes(database),
    classifiers: new Classifiers(database),
    newLabels: new NewLabels(database),
    windowsWithout: new WindowsWithout(database),
  };
}
