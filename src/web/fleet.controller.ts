import { Get } from '@nestjs/common';
import { Service } from '../service.js';
import { html } from './html.js';
import type { PageContent } from './layout.js';
import { Pages } from './pages.decorator.js';

/** Every model at a glance. */
@Pages()
export class FleetController {
  constructor(private readonly service: Service) {}

  @Get()
  fleet(): PageContent {
    const models = this.service.registry.models();
    return {
      title: 'Fleet',
      section: 'fleet',
      body: html`<h1>Fleet</h1>
        <ul>
          ${models.map(({ model }) => html`<li>${model.key}</li>`)}
        </ul>`,
    };
  }
}
