import { channelHealth, type ChannelHealth, type FaultOf } from '../notify/channel-health.js';
import type { Deliveries } from '../notify/deliveries.js';
import type { Channels } from '../notify/destination.js';
import type { Stages } from './stages.js';

/** Messages and the channels they go to, for whoever looks. */
export class DeliveryReads {
  constructor(private readonly stages: Pick<Stages, 'deliveries' | 'channels' | 'channelFile' | 'clock'>) {}

  get deliveries(): Deliveries {
    return this.stages.deliveries;
  }

  /** As the channels file says now. */
  get channels(): Channels {
    return this.stages.channels;
  }

  /** Why the channels file is not in force as it is written now; null where it is. */
  get problem(): string | null {
    return this.stages.channelFile.problem;
  }

  /** Where channels lead, and whether somebody is there. */
  health(): readonly ChannelHealth[] {
    const { clock, channelFile } = this.stages;
    const faultOf: FaultOf = (destination) => channelFile.faultOf(destination);
    return channelHealth(this.channels, this.deliveries, { now: clock.now(), faultOf });
  }
}
