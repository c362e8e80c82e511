import { describe, expect, it } from 'vitest';
import { readSiemensData, siemensData } from '../private-data/siemens.ts';
import { toCallId, toDeviceId, toMonitorCrossRefId } from '../values/identifiers.ts';
import { decodeMessage } from './decode.ts';
import { encodeMessage } from './encode.ts';
import type { CstaMessage } from './messages.ts';

const ed4 = 'xmlns="http://www.ecma-international.org/standards/ecma-323/csta/ed4"';

function read(document: string): CstaMessage {
  const decoded = decodeMessage(document);
  if (decoded.kind !== 'message') throw new Error(JSON.stringify(decoded));
  return decoded.message;
}

const written = (message: CstaMessage): string =>
  new TextDecoder().decode(encodeMessage(message)).split('\n').slice(1).join('\n').trim();

const response = (inside: string): string =>
  `<SnapshotDeviceResponse ${ed4}><crossRefIDorSnapshotData><snapshotData>${inside}</snapshotData></crossRefIDorSnapshotData></SnapshotDeviceResponse>`;

const codeOf = (inside: string): unknown => {
  const message = read(`<CSTAErrorCode ${ed4}>${inside}</CSTAErrorCode>`);
  return message.name === 'CSTAErrorCode' ? [message.error.code, message.error.detail] : message;
};

describe('as OpenScape writes', () => {
  it('[ECMA-269] a call that is begun: 32 digits, brackets, a misspelt group, private data', () => {
    const document = `<?xml version="1.0" encoding="UTF-8"?><ServiceInitiatedEvent ${ed4}><monitorCrossRefID>1169730059</monitorCrossRefID>
      <initiatedConnection><callID>FF000100000000002D65C85C1C750000</callID><deviceID>302118840100</deviceID></initiatedConnection>
      <initiatingDevice><deviceIdentifier>N&lt;302118840100&gt;;noa=nk</deviceIdentifier></initiatingDevice>
      <localConnectionInfo>initiated</localConnectionInfo><cause>makeCall</cause>
      <servicesPermitted><callControlServices><clearConnection>true</clearConnection><holdCall>false</holdCall></callControlServices>
      <callAssociatedServices/><mediaAttachementServices/><routeingServices/><voiceServices/></servicesPermitted>
      <mediaCallCharacteristics><mediaClass><voice>true</voice></mediaClass></mediaCallCharacteristics>
      <extensions><privateData><private xmlns:scx="http://www.siemens.com/schema/csta"><scx:extendedServicesPermitted/></private></privateData></extensions>
      </ServiceInitiatedEvent>`;
    const message = read(document);
    expect(message).toEqual({
      name: 'ServiceInitiatedEvent',
      monitorCrossRefID: '1169730059',
      initiatedConnection: { callID: 'FF000100000000002D65C85C1C750000', deviceID: '302118840100' },
      initiatingDevice: { kind: 'device', id: 'N<302118840100>;noa=nk' },
      localConnectionInfo: 'initiated',
      cause: 'makeCall',
      servicesPermitted: { callControl: ['clearConnection'], callAssociated: [] },
      privateData: [
        {
          namespace: 'http://www.siemens.com/schema/csta',
          name: 'extendedServicesPermitted',
          text: '',
          children: [],
        },
      ],
    });
    expect(readSiemensData(message.privateData)).toEqual({ extendedServicesPermitted: [] });
  });

  it('[ECMA-269] a call that rings, with a redirection that does not apply and elements of later editions', () => {
    const message = read(`<DeliveredEvent ${ed4}><monitorCrossRefID> 1173673890 </monitorCrossRefID>
      <connection><callID>FF00010000000000EC6114647E570000</callID><deviceID>3021061290002</deviceID></connection>
      <alertingDevice><deviceIdentifier>N&lt;3021061290002&gt;;noa=nk</deviceIdentifier></alertingDevice>
      <callingDevice><deviceIdentifier>N&lt;7868772298&gt;Line71001;displayNumber=7868772298;uid=FF00</deviceIdentifier></callingDevice>
      <calledDevice><notKnown/></calledDevice><lastRedirectionDevice><notRequired/></lastRedirectionDevice>
      <localConnectionInfo>alerting</localConnectionInfo><correlatorData><string>75726E</string></correlatorData>
      <cause>enteringDistribution</cause><later><still deeper="1"/></later>
      <callCharacteristics><acdCall>true</acdCall></callCharacteristics></DeliveredEvent>`);
    expect(message).toMatchObject({
      monitorCrossRefID: '1173673890',
      callingDevice: { kind: 'device', id: 'N<7868772298>Line71001;displayNumber=7868772298;uid=FF00' },
      calledDevice: { kind: 'notKnown' },
      lastRedirectionDevice: { kind: 'notRequired' },
      correlatorData: { string: '75726E' },
    });
    expect(message).not.toHaveProperty('servicesPermitted');
  });

  it('[ECMA-354] session messages without any namespace, and the heartbeat beside them', () => {
    expect(
      read(
        '<StartApplicationSessionPosResponse xmlns:aps="http://www.ecma-international.org/standards/ecma-354/appl_session"><sessionID>009968951</sessionID><actualProtocolVersion>http://www.ecma-international.org/standards/ecma-323/csta/ed4</actualProtocolVersion><actualSessionDuration>600</actualSessionDuration><extensions><actualHBT>0</actualHBT></extensions></StartApplicationSessionPosResponse>',
      ),
    ).toMatchObject({ sessionID: '009968951', actualSessionDuration: 600, actualHBT: 0 });
  });

  it('[ECMA-323] prefixes, edition 2 and an empty status', () => {
    expect(
      read(
        '<ns3:SystemStatus xmlns:ns2="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns3="http://www.ecma-international.org/standards/ecma-323/csta/ed4"/>',
      ),
    ).toEqual({ name: 'SystemStatus' });
    expect(
      decodeMessage(
        '<SystemStatus xmlns="http://www.ecma.ch/standards/ecma-323/csta/ed2"><systemStatus>normal</systemStatus></SystemStatus>',
      ),
    ).toEqual({ kind: 'message', message: { name: 'SystemStatus', systemStatus: 'normal' }, edition: 2 });
  });

  it('[ECMA-269] a transfer in either spelling, with what became of each connection', () => {
    const body = `<monitorCrossRefID>1</monitorCrossRefID><primaryOldCall><callID>1</callID><deviceID>101</deviceID></primaryOldCall>
      <transferredConnections><connectionListItem><newConnection><callID>3</callID><deviceID>102</deviceID></newConnection>
      <oldConnection><callID>1</callID><deviceID>102</deviceID></oldConnection><endpoint><deviceID>102</deviceID></endpoint></connectionListItem></transferredConnections>`;
    const misspelt = read(`<TransferedEvent ${ed4}>${body}</TransferedEvent>`);
    expect(misspelt).toEqual(read(`<TransferredEvent ${ed4}>${body}</TransferredEvent>`));
    expect(misspelt).toMatchObject({
      name: 'TransferredEvent',
      transferredConnections: [
        { newConnection: { callID: '3' }, oldConnection: { callID: '1' }, endpoint: { deviceID: '102' } },
      ],
    });
  });

  it('both misspellings are written for who expects them', () => {
    const style = { edition: 4, isMisspelt: true } as const;
    const text = new TextDecoder().decode(
      encodeMessage(
        {
          name: 'TransferredEvent',
          monitorCrossRefID: toMonitorCrossRefId('1'),
          primaryOldCall: { callID: toCallId('1') },
          servicesPermitted: { callControl: [], callAssociated: [] },
        },
        style,
      ),
    );
    expect(text).toContain('<TransferedEvent ');
    expect(text).toContain('<mediaAttachementServices/>');
  });
});

describe('as the standard has it', () => {
  it('[ECMA-269] a push: the target device and that it answers stand in private data', () => {
    const message: CstaMessage = {
      name: 'SingleStepTransferCall',
      activeCall: { callID: toCallId('7'), deviceID: toDeviceId('5101') },
      transferredTo: toDeviceId('101'),
      privateData: siemensData({ targetDevice: toDeviceId('101-desk'), autoAnswer: true }),
    };
    expect(written(message)).toBe(
      `<SingleStepTransferCall ${ed4}><activeCall><callID>7</callID><deviceID>5101</deviceID></activeCall><transferredTo>101</transferredTo><extensions><privateData><private xmlns:scx="http://www.siemens.com/schema/csta"><scx:targetDevice>101-desk</scx:targetDevice><scx:autoAnswer>true</scx:autoAnswer></private></privateData></extensions></SingleStepTransferCall>`,
    );
    const decoded = read(written(message));
    expect(readSiemensData(decoded.privateData)).toEqual({ targetDevice: '101-desk', autoAnswer: true });
  });

  it('[ECMA-269] forwardings are listed one by one', () => {
    expect(
      read(`<GetForwardingResponse xmlns="http://www.ecma.ch/standards/ecma-323/csta/ed6"><forwardingList><forwardListItem>
        <forwardingType>forwardNoAns</forwardingType><forwardStatus>false</forwardStatus><forwardDN>500</forwardDN><ringDuration>90</ringDuration>
        </forwardListItem><forwardListItem><forwardingType>forwardMoon</forwardingType><forwardStatus>1</forwardStatus></forwardListItem>
        <forwardListItem><forwardingType>forwardBusy</forwardingType></forwardListItem></forwardingList></GetForwardingResponse>`),
    ).toEqual({
      name: 'GetForwardingResponse',
      forwardingList: [
        { forwardingType: 'forwardNoAns', forwardStatus: false, forwardDN: '500', ringDuration: 90 },
        { forwardStatus: true },
      ],
    });
  });

  it('[ECMA-269-16.1] a snapshot of a device with one call and of one without', () => {
    expect(read(response(''))).toEqual({ name: 'SnapshotDeviceResponse', snapshotData: [] });
    expect(
      read(
        response(
          '<snapshotDeviceResponseInfo><connectionIdentifier><deviceID>101</deviceID><callID>A</callID></connectionIdentifier><localCallState><compoundCallState><localConnectionState>hold</localConnectionState><localConnectionState>connected</localConnectionState></compoundCallState></localCallState></snapshotDeviceResponseInfo>',
        ),
      ),
    ).toMatchObject({
      snapshotData: [
        {
          connectionIdentifier: { callID: 'A', deviceID: '101' },
          localCallState: { compoundCallState: ['hold', 'connected'] },
        },
      ],
    });
  });

  it('[ECMA-269-12.2.14] errors of every category become codes of a closed set', () => {
    expect(codeOf('<operation>invalidDeviceID</operation>')).toEqual([
      'operation.invalidDeviceID',
      'invalidDeviceID',
    ]);
    expect(codeOf('<stateIncompatibility>noActiveCall</stateIncompatibility>')).toEqual([
      'stateIncompatibility.noActiveCall',
      'noActiveCall',
    ]);
    expect(codeOf('<security>brandNew</security>')).toEqual(['security.other', 'brandNew']);
    expect(codeOf('<privateData>cSTAPrivateDataInfoError</privateData>')).toEqual([
      'privateDataInformation.cSTAPrivateDataInfoError',
      'cSTAPrivateDataInfoError',
    ]);
    expect(codeOf('<weather>rain</weather>')).toEqual(['unspecified.other', 'weather rain']);
    expect(codeOf('')).toEqual(['unspecified.other', '']);
  });
});

describe('what is not as it should be', () => {
  it('a service that nobody here knows is told by its name', () => {
    expect(decodeMessage(`<GetPresenceState ${ed4}><device>1</device></GetPresenceState>`)).toMatchObject({
      kind: 'unknown',
      name: 'GetPresenceState',
    });
    expect(decodeMessage('<MakeCall xmlns="urn:other"/>')).toMatchObject({
      kind: 'unknown',
      namespace: 'urn:other',
    });
    expect(decodeMessage('<toString/>')).toMatchObject({ kind: 'unknown' });
  });

  it('a message without what it needs is a fault that names it', () => {
    expect(decodeMessage(`<AnswerCall ${ed4}/>`)).toEqual({
      kind: 'fault',
      code: 'incomplete',
      text: 'AnswerCall without callToBeAnswered',
      name: 'AnswerCall',
    });
    expect(
      decodeMessage(`<AnswerCall ${ed4}><callToBeAnswered><callID/></callToBeAnswered></AnswerCall>`),
    ).toMatchObject({ code: 'incomplete' });
  });

  it('an element of a foreign namespace is not the one of ours with the same name', () => {
    expect(
      decodeMessage(
        `<AnswerCall ${ed4}><callToBeAnswered xmlns="urn:x"><callID>1</callID></callToBeAnswered></AnswerCall>`,
      ),
    ).toMatchObject({ kind: 'fault', code: 'incomplete' });
  });

  const bomb = `<!DOCTYPE a [<!ENTITY b "${'b'.repeat(100)}"><!ENTITY c "&b;&b;&b;">]><SystemStatus ${ed4}>&c;</SystemStatus>`;
  it.each([
    ['entities of one’s own', bomb, 'doctype'],
    ['external entities', '<!DOCTYPE a SYSTEM "file:///etc/passwd"><SystemStatus/>', 'doctype'],
    ['an unknown reference', '<SystemStatus>&secret;</SystemStatus>', 'malformed'],
    ['depth', '<a>'.repeat(33), 'too_deep'],
    ['the number of elements', `<SystemStatus>${'<a/>'.repeat(4_001)}</SystemStatus>`, 'too_many'],
    [
      'the number of attributes',
      `<SystemStatus ${Array.from({ length: 65 }, (_, at) => `a${at}=""`).join(' ')}/>`,
      'too_many',
    ],
    ['size', `<SystemStatus>${' '.repeat(65_528)}</SystemStatus>`, 'too_large'],
    ['an empty document', '', 'malformed'],
    ['another encoding', '<?xml version="1.0" encoding="UTF-16"?><SystemStatus/>', undefined],
  ])('hostile XML is refused: %s', (_what, document, code) => {
    const decoded = decodeMessage(new TextEncoder().encode(document));
    expect(decoded).toMatchObject({ kind: 'fault', code: code ?? 'encoding' });
    expect(JSON.stringify(decoded)).not.toContain('secret');
  });
});
