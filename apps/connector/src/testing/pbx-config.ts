import type { PbxConfig } from '@offhook/contract';

/** What a configuration says of a PBX of which nothing special is known. */
export const plainPbx = {
  attachment: { by: 'registration' },
  codes: {},
  emergencyNumbers: ['112'],
  alternativeAfterSeconds: 10,
} as const satisfies Partial<PbxConfig>;
