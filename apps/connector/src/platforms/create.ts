import type { PlatformKind } from '@offhook/contract';
import { GenericSip } from './generic-sip/generic-sip.ts';
import type { PlatformOptions } from './options.ts';
import type { Platform } from './platform.ts';

export type { PlatformOptions } from './options.ts';

/** The adapter for this kind of telephone system. */
export function createPlatform(kind: PlatformKind, options: PlatformOptions): Platform {
  switch (kind) {
    case 'generic-sip':
    // What SIP alone can do, these can.
    case 'openscape-voice':
    case 'openscape-4000':
    case 'openscape-business':
      return new GenericSip(options);
  }
}
