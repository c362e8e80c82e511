import type { PlatformKind } from '@offhook/contract';
import { nodeLinks } from './csta/node-link.ts';
import { CstaPlatform } from './csta/platform.ts';
import type { CstaProfile } from './csta/profile.ts';
import { GenericSip } from './generic-sip/generic-sip.ts';
import { OPENSCAPE_4000 } from './openscape-4000/profile.ts';
import { OPENSCAPE_BUSINESS } from './openscape-business/profile.ts';
import { OPENSCAPE_VOICE } from './openscape-voice/profile.ts';
import type { PlatformOptions } from './options.ts';
import type { Platform } from './platform.ts';

export type { PlatformOptions } from './options.ts';

/** The adapter for this kind of telephone system. */
export function createPlatform(kind: PlatformKind, options: PlatformOptions): Platform {
  switch (kind) {
    case 'generic-sip':
      return new GenericSip(options);
    case 'openscape-voice':
      return withControlLink(OPENSCAPE_VOICE, options);
    case 'openscape-4000':
      return withControlLink(OPENSCAPE_4000, options);
    case 'openscape-business':
      return withControlLink(OPENSCAPE_BUSINESS, options);
  }
}

/** SIP alone does what the control link cannot; and all of it, where there is none. */
function withControlLink(profile: CstaProfile, options: PlatformOptions): Platform {
  return new CstaPlatform({
    ...options,
    profile,
    openLink: nodeLinks(options.ctiCa),
    sip: (events) => new GenericSip({ ...options, events }),
  });
}
