import { Query, Resolver } from '@nestjs/graphql';
import { join } from 'node:path';
import { packageFolder } from '../config/package-folder.js';
import { Service } from '../service.js';
import { migrationStatus } from '../store/migration-status.js';
import { Needs } from './access.js';

/** The service itself, as its operators ask about it. */
@Resolver()
export class SystemResolver {
  constructor(private readonly service: Service) {}

  /** Every key ever made, newest last; their tokens are known to nobody. */
  @Query('keys')
  @Needs('admin')
  keys(): readonly object[] {
    return this.service.keys.list().map((key) => ({
      ...key,
      scopes: key.scopes.map((scope) => scope.toUpperCase()),
    }));
  }

  @Query('replicas')
  @Needs('read')
  replicas(): readonly object[] {
    return this.service.stages.replicas.list();
  }

  @Query('migrations')
  @Needs('read')
  async migrations(): Promise<readonly object[]> {
    return migrationStatus(this.service.database, join(packageFolder(), 'migrations'));
  }
}
