import { Controller, Get, NotFoundException, Param, Res } from '@nestjs/common';
import type { Response } from 'express';
import { findAsset } from './asset-store.js';

/** Style, scripts and the chart library; open, because the sign-in page needs them. */
@Controller('assets')
export class AssetsController {
  @Get(':digest/:name')
  asset(@Param('digest') digest: string, @Param('name') name: string, @Res() response: Response): void {
    const asset = findAsset(name);
    if (!asset) throw new NotFoundException(`there is no asset "${name}"`);
    // A page of an older build asks by an older digest: it gets what there is, but must not keep it.
    const keep = asset.digest === digest ? 'public, max-age=31536000, immutable' : 'no-store';
    response.set({ 'Content-Type': asset.type, 'Cache-Control': keep, 'X-Content-Type-Options': 'nosniff' });
    response.send(asset.body);
  }
}
