import { isXmlFault, parseXml } from '@offhook/xml';
import { describe, expect, test } from 'vitest';
import { listVectors, readVector, vectorsAbsent } from '../message/vectors.test-support.ts';
import { DialogInfoTable } from './dialog-info-table.ts';
import { formatDialogInfo, parseDialogInfo } from './dialog-info.ts';
import type { DialogEntry, DialogInfo } from './dialog-info.ts';

function read(document: string | Uint8Array): DialogInfo {
  const result = parseDialogInfo(typeof document === 'string' ? Buffer.from(document) : document);
  if (result === undefined || 'kind' in result) throw new Error(`no dialog-info: ${JSON.stringify(result)}`);
  return result;
}

const folder = 'xml-events/dialog-info';
const isAbsent = vectorsAbsent(folder);
const entity = 'sip:8001@osv.example.com';

/** What each document says, by its file. */
const EXPECTED: Readonly<Record<string, Omit<DialogInfo, 'entity' | 'unreadable'> & { entity?: string }>> = {
  'own-full-empty.xml': { version: 0, state: 'full', dialogs: [] },
  'own-partial-trying-initiator.xml': {
    version: 1,
    state: 'partial',
    dialogs: [{ id: 'd1', callId: 'c1@192.0.2.7', localTag: 't1', direction: 'initiator', state: 'trying' }],
  },
  'own-partial-early-recipient-with-remote.xml': {
    version: 2,
    state: 'partial',
    entity: 'sip:8002@osv.example.com',
    dialogs: [
      {
        id: 'd2',
        callId: 'c2',
        localTag: 'l',
        remoteTag: 'r',
        direction: 'recipient',
        state: 'early',
        local: {
          identity: { uri: 'sip:8002@osv.example.com' },
          target: { uri: 'sip:8002@192.0.2.8', params: new Map() },
        },
        remote: {
          identity: { uri: 'sip:+4930123456@osv.example.com;user=phone', displayName: 'Empfang & Pforte' },
          target: { uri: 'sip:+4930123456@192.0.2.1', params: new Map() },
        },
      },
    ],
  },
  'own-confirmed-duration.xml': {
    version: 3,
    state: 'partial',
    dialogs: [{ id: 'd1', state: 'confirmed', duration: 274 }],
  },
  'own-terminated-remote-bye.xml': {
    version: 4,
    state: 'partial',
    dialogs: [{ id: 'd1', state: 'terminated', event: 'remote-bye' }],
  },
  'own-terminated-rejected-486.xml': {
    version: 5,
    state: 'partial',
    dialogs: [{ id: 'd9', state: 'terminated', event: 'rejected', code: 486 }],
  },
  'own-two-dialogs-one-held-rendering-no.xml': {
    version: 6,
    state: 'full',
    dialogs: [
      {
        id: 'a',
        state: 'confirmed',
        local: { target: { uri: 'sip:8001@192.0.2.7', params: new Map([['+sip.rendering', 'no']]) } },
      },
      { id: 'b', state: 'confirmed' },
    ],
  },
  'own-replaces-and-referred-by.xml': {
    version: 7,
    state: 'full',
    dialogs: [
      {
        id: 'x',
        callId: 'n1',
        localTag: '1',
        remoteTag: '2',
        direction: 'recipient',
        state: 'confirmed',
        event: 'replaced',
        replaces: { callId: 'old', localTag: '3', remoteTag: '4' },
        referredBy: { uri: 'sip:8100@osv.example.com', displayName: 'Boss' },
      },
    ],
  },
  'own-prefixed-namespace.xml': { version: 8, state: 'full', dialogs: [{ id: 'p', state: 'early' }] },
  'own-no-namespace.xml': { version: 9, state: 'full', dialogs: [{ id: 'x', state: 'confirmed' }] },
  'own-foreign-elements.xml': { version: 10, state: 'full', dialogs: [{ id: 'x', state: 'confirmed' }] },
};

describe.skipIf(isAbsent)('vectors', () => {
  test('[RFC4235-4.2] there is an expectation for every document', () => {
    expect(listVectors(folder, '.xml').toSorted()).toEqual(Object.keys(EXPECTED).toSorted());
  });

  test.each(Object.keys(EXPECTED))('[RFC4235-4.2] %s is read, and the same after writing', (name) => {
    const info = read(readVector(`${folder}/${name}`));
    expect(info).toEqual({ entity, unreadable: 0, ...EXPECTED[name] });
    expect(read(formatDialogInfo(info).bytes)).toEqual(info);
  });

  test('[RFC4235-4.3] the sequence with a gap: applied, a full state asked for, what comes late ignored', () => {
    const table = new DialogInfoTable();
    table.apply(read(readVector(`${folder}/own-full-empty.xml`)));
    expect(table.needsFullState).toBe(false);
    expect(
      table.apply({ ...read(readVector(`${folder}/own-confirmed-duration.xml`)), version: 2 }).kind,
    ).toBe('applied');
    expect(table.needsFullState).toBe(true);
    expect(table.apply(read(readVector(`${folder}/own-partial-trying-initiator.xml`)))).toEqual({
      kind: 'stale',
    });
    expect(table.dialogs.map(({ state }) => state)).toEqual(['confirmed']);
  });
});

const dialogs = (inner: string) =>
  `<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="1" state="full" entity="e">${inner}</dialog-info>`;

describe('documents', () => {
  test.each([
    '<other version="1" state="full" entity="e"/>',
    '<dialog-info xmlns="urn:x" version="1" state="full" entity="e"/>',
    '<dialog-info state="full" entity="e"/>',
    '<dialog-info version="-1" state="full" entity="e"/>',
    '<dialog-info version="4294967296" state="full" entity="e"/>',
    '<dialog-info version="1" state="half" entity="e"/>',
    '<dialog-info version="1" state="full"/>',
  ])('[RFC4235-4.1] %s is none', (text) => {
    expect(parseDialogInfo(Buffer.from(text))).toBeUndefined();
  });

  test('what is no XML is a fault', () => {
    const result = parseDialogInfo(Buffer.from('<!DOCTYPE x><dialog-info/>'));
    expect(result !== undefined && 'kind' in result && result.code).toBe('doctype');
  });

  test('[RFC4235-4.1.1] dialogs without an id or a known state are counted and left out', () => {
    const info = read(
      dialogs(
        '<dialog><state>early</state></dialog><dialog id="1"/><dialog id="2"><state>new</state></dialog>' +
          '<x:dialog id="4" xmlns:x="urn:x"><x:state>early</x:state></x:dialog>' +
          '<dialog id="3"><x:state xmlns:x="urn:x">early</x:state><state code="99" event="new"> Confirmed\n</state></dialog>',
      ),
    );
    expect(info.unreadable).toBe(3);
    expect(info.dialogs).toEqual([{ id: '3', state: 'confirmed' }]);
  });

  test('[RFC4235-4.1.6] display and display-name, pval and pvalue', () => {
    const info = read(
      dialogs(
        '<dialog id="1"><state>early</state><remote><identity display-name="A">sip:a@b</identity>' +
          '<target uri="sip:a@c"><param pname="+SIP.rendering" pvalue="no"/></target></remote>' +
          '<local><identity display="">sip:x@y</identity><target/></local></dialog>',
      ),
    );
    expect(info.dialogs[0]).toMatchObject({
      remote: {
        identity: { displayName: 'A', uri: 'sip:a@b' },
        target: { uri: 'sip:a@c', params: new Map([['+sip.rendering', 'no']]) },
      },
      local: { identity: { uri: 'sip:x@y' } },
    });
  });

  test('[RFC4235-4.4] everything that is written is read again, in the order of the schema', () => {
    const dialog: DialogEntry = {
      id: '<1>&"',
      callId: 'c',
      localTag: 'l',
      remoteTag: 'r',
      direction: 'initiator',
      state: 'terminated',
      event: 'local-bye',
      code: 200,
      duration: 7,
      replaces: { callId: 'x', localTag: 'y', remoteTag: 'z' },
      referredBy: { uri: 'sip:boss@b', displayName: 'Boss' },
      local: { identity: { uri: 'sip:a@b' } },
      remote: { target: { uri: 'sip:c@d', params: new Map([['+sip.rendering', 'no']]) } },
    };
    const body = formatDialogInfo({ version: 4, state: 'partial', entity: 'sip:a@b', dialogs: [dialog] });
    expect(body.contentType).toBe('application/dialog-info+xml');
    expect(read(body.bytes)).toEqual({
      version: 4,
      state: 'partial',
      entity: 'sip:a@b',
      dialogs: [dialog],
      unreadable: 0,
    });
    const root = parseXml(body.bytes);
    const order = isXmlFault(root) ? [] : root.children[0]?.children.map(({ name }) => name);
    expect(order).toEqual(['state', 'duration', 'replaces', 'referred-by', 'local', 'remote']);
  });
});
