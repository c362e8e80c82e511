import { demoPeople } from './demo.ts';
import type { Secrets } from './secrets.ts';

/** What `apps/cloud` knows the demo by: its id says which tenant `apply` means. */
const TENANT = { id: 'demo', name: 'Demo AG' };
export const CONNECTOR = 'Demo office';

/** The whole demo tenant, as `admin.ts apply` takes it. `pbxSip` is an address with its port. */
export function demoDocument({ accounts, sip }: Pick<Secrets, 'accounts' | 'sip'>, pbxSip: string): object {
  const users = demoPeople.map(({ email, name, role, number }) => ({
    email,
    name,
    role,
    password: accounts[email],
    ...(number === undefined ? {} : { line: { connector: CONNECTOR, number, password: sip[number] } }),
  }));
  return { ...pbxDocument(pbxSip), users };
}

/** The demo tenant with its PBX alone: moves the PBX and leaves people and lines as they are. */
export function pbxDocument(pbxSip: string): object {
  const { hostname, port } = new URL(`sip-address://${pbxSip}`);
  const pbx = { kind: 'generic-sip', host: hostname, port: Number(port), transport: 'udp' };
  return { tenant: TENANT, connectors: [{ name: CONNECTOR, pbx }], users: [] };
}
