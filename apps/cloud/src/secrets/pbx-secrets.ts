import type { PbxConfig } from '@offhook/contract';
import * as z from 'zod';
import type { SecretBox } from './secret-box.ts';

/** Passwords within a PBX configuration. They are sealed together, apart from the rest, which is plain JSON. */
const PbxSecrets = z.object({ csta: z.string().optional(), trunk: z.string().optional() });
type PbxSecrets = z.infer<typeof PbxSecrets>;

/** What the passwords of a connector's PBX configuration are bound to. */
export const pbxContext = (tenantId: string, connectorId: string): string =>
  `pbx\n${tenantId}\n${connectorId}`;

/** A configuration in two: what may be read by anybody who reads the database, and what may not (absent: nothing). */
export function partSecrets({ csta, attachment, ...rest }: PbxConfig): {
  config: object;
  secrets: string | undefined;
} {
  const { password: cstaPassword, ...cstaRest } = csta ?? {};
  const { password: trunk, ...attachmentRest } = { password: undefined, ...attachment };
  const secrets: PbxSecrets = {
    ...(cstaPassword === undefined ? {} : { csta: cstaPassword }),
    ...(trunk === undefined ? {} : { trunk }),
  };
  return {
    config: { ...rest, ...(csta === undefined ? {} : { csta: cstaRest }), attachment: attachmentRest },
    secrets: Object.keys(secrets).length === 0 ? undefined : JSON.stringify(secrets),
  };
}

/** The passwords alone. */
export function secretsOf(box: SecretBox, sealed: Buffer | null, context: string): PbxSecrets {
  return sealed === null ? {} : PbxSecrets.parse(JSON.parse(box.open(sealed, context)));
}

/** The other way round, from the database's row; not checked against its schema yet. */
export function joinSecrets(
  box: SecretBox,
  config: object,
  sealed: Buffer | null,
  context: string,
): Record<string, unknown> {
  const whole: Record<string, unknown> = { ...config };
  const { csta, trunk } = secretsOf(box, sealed, context);
  if (csta !== undefined) whole['csta'] = { ...asObject(whole['csta']), password: csta };
  if (trunk !== undefined) whole['attachment'] = { ...asObject(whole['attachment']), password: trunk };
  return whole;
}

const asObject = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});
