import { ConnectorChange, NewConnector } from '@offhook/contract';
import { describe, expect, it } from 'vitest';
import { draftOf, inputOf, newDraft } from './pbx-draft.ts';

describe('[E3] the form of a telephone system', () => {
  it('what was stored comes out of the form as it went in, and no password goes with it', () => {
    const config = {
      kind: 'openscape-voice',
      host: 'osv.example',
      port: 5061,
      transport: 'tls',
      registerExpires: 300,
      ringSeconds: 90,
      alternativeAfterSeconds: 15,
      emergencyNumbers: ['112', '144'],
      attachment: { by: 'trunk', register: false, number: '4900', authUser: 'trunk' },
      csta: { port: 1040, transport: 'tls', user: 'csta' },
      codes: { park: '*68', conference: '88{number}' },
    };
    const draft = draftOf({ config, hasCstaPassword: true, hasTrunkPassword: true });
    expect(inputOf(draft)).toEqual(config);
    expect(ConnectorChange.safeParse({ pbx: inputOf(draft) }).success).toBe(true);
  });

  it('what cannot be right is named by its place', () => {
    const { error } = NewConnector.safeParse({ name: 'Main', pbx: inputOf({ ...newDraft, port: 'x' }) });
    expect(error?.issues.map(({ path }) => path.join('.'))).toEqual(['pbx.host', 'pbx.port']);
  });
});
