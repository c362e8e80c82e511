import { demoPeople, featureCodes } from './demo.ts';
import type { Secrets } from './secrets.ts';

/** What `apps/cloud` knows the demo by: its id says which tenant `apply` means. */
const TENANT = { id: 'demo', name: 'Demo AG' };
export const CONNECTOR = 'Demo office';

/** How the demo's lines are attached: an installation keeps what it was created with. */
export type DemoPlatform = 'generic-sip' | 'openscape-voice';

/** Where the practice PBX listens: addresses with their ports, `127.0.0.1:5070`. */
export interface PbxPlace {
  readonly sip: string;
  readonly csta: string;
}

/** The whole demo tenant, as `admin.ts apply` takes it: the users' lines stand beside their desk phones' numbers. */
export function demoDocument({ accounts, sip }: Pick<Secrets, 'accounts' | 'sip'>, place: PbxPlace): object {
  const users = demoPeople.map(({ email, name, role, number, line }) => ({
    email,
    name,
    role,
    password: accounts[email],
    ...(number === undefined || line === undefined
      ? {}
      : { line: { connector: CONNECTOR, number: line, mainNumber: number, password: sip[line] } }),
  }));
  return { ...pbxDocument(place, 'openscape-voice'), users };
}

/** The demo tenant with its PBX alone: moves the PBX and leaves people and lines as they are. */
export function pbxDocument(place: PbxPlace, kind: DemoPlatform): object {
  const sip = new URL(`address://${place.sip}`);
  const csta = new URL(`address://${place.csta}`);
  const pbx = {
    kind,
    host: sip.hostname,
    port: Number(sip.port),
    transport: 'udp',
    codes: featureCodes,
    ...(kind === 'generic-sip' ? {} : { csta: { host: csta.hostname, port: Number(csta.port) } }),
  };
  return { tenant: TENANT, connectors: [{ name: CONNECTOR, pbx }], users: [] };
}
