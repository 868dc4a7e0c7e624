import type { Stages } from './pipeline/stages.js';
import { Arrivals } from './profiles/arrivals.js';
import { Outcomes } from './profiles/outcomes.js';
import { SetProfiles } from './profiles/set-profiles.js';
import type { Database } from './store/database.js';

/** What is summed by the minute, beside the profiles of each model. */
export function openMinutes(database: Database): Pick<Stages, 'setProfiles' | 'arrivals' | 'outcomes'> {
  return {
    setProfiles: new SetProfiles(database),
    arrivals: new Arrivals(database),
    outcomes: new Outcomes(database),
  };
}
