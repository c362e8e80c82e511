import { describe, expect, it } from 'vitest';
import { header, headerFields } from '../message/headers.ts';
import { parseMessage } from '../message/parse.ts';
import type { SipRequest, SipResponse } from '../message/types.ts';
import { dialogKeyOfRequest, dialogOfClient, dialogOfServer } from './dialog.ts';

const flow = { transport: 'udp', address: '192.0.2.9', port: 5060 } as const;

function parse(lines: readonly string[]) {
  const message = parseMessage(new TextEncoder().encode([...lines, '', ''].join('\r\n')));
  if (message.kind === 'fault') throw new Error(message.text);
  return message;
}

const common = ['Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx', 'Call-ID: c', 'CSeq: 7 INVITE'];

function invite(...more: string[]): SipRequest {
  return parse([
    'INVITE sip:bob@192.0.2.2 SIP/2.0',
    ...common,
    'From: "Alice" <sip:alice@192.0.2.1>;tag=a',
    'To: <sip:bob@192.0.2.2>',
    'Contact: <sip:alice@192.0.2.1:5062>',
    ...more,
  ]) as SipRequest;
}

function response(status: number, ...more: string[]): SipResponse {
  return parse([
    `SIP/2.0 ${status} Fine`,
    ...common,
    'From: "Alice" <sip:alice@192.0.2.1>;tag=a',
    'To: <sip:bob@192.0.2.2>;tag=b',
    ...more,
  ]) as SipResponse;
}

const info = (dialog: ReturnType<typeof dialogOfClient>): SipRequest =>
  dialog.createRequest({ method: 'INFO', sequence: dialog.nextSequence() });

describe('a dialog that we have called', () => {
  it('[RFC3261-12.1.2] takes its route set from Record-Route in reverse and its target from Contact', () => {
    const dialog = dialogOfClient(
      invite(),
      response(180, 'Record-Route: <sip:p2.example;lr>, <sip:p1.example;lr>', 'Contact: <sip:bob@192.0.2.4>'),
      flow,
    );
    expect(dialog.routeSet).toEqual(['<sip:p1.example;lr>', '<sip:p2.example;lr>']);
    const request = info(dialog);
    expect(request.uri).toBe('sip:bob@192.0.2.4');
    expect(headerFields(request, 'route')).toEqual(['<sip:p1.example;lr>', '<sip:p2.example;lr>']);
    expect(header(request, 'from')).toBe('"Alice" <sip:alice@192.0.2.1>;tag=a');
    expect(header(request, 'to')).toBe('<sip:bob@192.0.2.2>;tag=b');
    expect(header(request, 'cseq')).toBe('8 INFO');
    expect(dialog.nextHop()).toEqual({ uri: 'sip:p1.example;lr' });
  });

  it('[RFC3261-13.2.2.4] the 2xx replaces route set and target of the early dialog, once', () => {
    const dialog = dialogOfClient(invite(), response(180, 'Record-Route: <sip:old;lr>'), flow);
    expect(dialog.remoteTarget).toBe('sip:bob@192.0.2.2');
    dialog.confirm(response(200, 'Record-Route: <sip:new;lr>', 'Contact: <sip:bob@192.0.2.5>'));
    expect(dialog.routeSet).toEqual(['<sip:new;lr>']);
    dialog.confirm(response(200, 'Contact: <sip:bob@192.0.2.6>'));
    expect(dialog.routeSet).toEqual(['<sip:new;lr>']);
    expect(dialog.remoteTarget).toBe('sip:bob@192.0.2.5');
  });

  it('[RFC3261-12.2.1.1] a strict router becomes the Request-URI, and the target the last Route', () => {
    const dialog = dialogOfClient(
      invite(),
      response(
        200,
        'Record-Route: <sip:p2.example;lr>, <sip:strict.example;method=INVITE>',
        'Contact: <sip:bob@192.0.2.4>',
      ),
      flow,
    );
    const request = info(dialog);
    expect(request.uri).toBe('sip:strict.example');
    expect(headerFields(request, 'route')).toEqual(['<sip:p2.example;lr>', '<sip:bob@192.0.2.4>']);
    expect(dialog.nextHop().uri).toBe('sip:strict.example;method=INVITE');
  });
});

/** Of a dialog with a caller who has no Contact. */
function targetFrom(from: string): string {
  const request = { ...invite(), headers: [{ name: 'from', value: `<${from}>;tag=a` }] };
  return info(dialogOfServer(request, 'local', flow)).uri;
}

describe('the Request-URI of a dialog', () => {
  it.each([
    ['<sip:bob@192.0.2.4;method=BYE;x=1?Subject=a>', 'sip:bob@192.0.2.4;x=1'],
    ['<sip:bob@192.0.2.4:99999>', 'sip:bob@192.0.2.2'],
  ])(
    '[RFC3261-19.1.1] has neither headers nor method of the Contact, and is always one: %s',
    (contact, uri) => {
      const dialog = dialogOfClient(invite(), response(200, `Contact: ${contact}`), flow);
      expect(info(dialog).uri).toBe(uri);
    },
  );

  it('[RFC3261-12.1.1] is the URI of From, or nobody, where a caller has no Contact that can be read', () => {
    expect(targetFrom('sip:a@192.0.2.1?x=y')).toBe('sip:a@192.0.2.1');
    expect(targetFrom('sip:a@:x')).toBe('sip:anonymous.invalid');
  });
});

describe('a dialog that we were called in', () => {
  it('[RFC3261-12.1.1] keeps the order of Record-Route and swaps From and To', () => {
    const request = invite('Record-Route: <sip:p1.example;lr>, <sip:p2.example;lr>');
    const dialog = dialogOfServer(request, 'local', flow);
    expect(dialog.routeSet).toEqual(['<sip:p1.example;lr>', '<sip:p2.example;lr>']);
    const bye = dialog.createRequest({ method: 'BYE', sequence: dialog.nextSequence() });
    expect(bye.uri).toBe('sip:alice@192.0.2.1:5062');
    expect(header(bye, 'from')).toBe('<sip:bob@192.0.2.2>;tag=local');
    expect(header(bye, 'to')).toBe('"Alice" <sip:alice@192.0.2.1>;tag=a');
    expect(header(bye, 'cseq')).toBe('1 BYE');
  });

  it('[RFC3261-12.2.2] accepts only CSeq numbers that rise from that of the INVITE', () => {
    const dialog = dialogOfServer(invite(), 'local', flow);
    const numbered = (cseq: number): SipRequest => ({
      ...invite(),
      headers: [{ name: 'cseq', value: `${cseq} INFO` }],
    });
    expect([7, 6, 9, 8, 9, 10].map((cseq) => dialog.acceptSequence(numbered(cseq)))).toEqual([
      false,
      false,
      true,
      false,
      false,
      true,
    ]);
  });

  it('[RFC3261-12.2.2] is found by Call-ID and both tags', () => {
    const dialog = dialogOfServer(invite(), 'local', flow);
    const bye = { ...invite(), headers: [...invite().headers].filter(({ name }) => name !== 'to') };
    const withTag = (tag: string): SipRequest => ({
      ...bye,
      headers: [...bye.headers, { name: 'to', value: `<sip:bob@192.0.2.2>;tag=${tag}` }],
    });
    expect(dialogKeyOfRequest(withTag('local'))).toBe(dialog.key);
    expect(dialogKeyOfRequest(withTag('other'))).not.toBe(dialog.key);
    expect(dialogKeyOfRequest(invite())).toBeUndefined();
  });
});

describe('a dialog over a stream', () => {
  const stream = { transport: 'tcp', address: '192.0.2.9', port: 40_000, connectionId: 'c1' } as const;

  it('goes over the connection that the peer uses, as long as no route set says otherwise', () => {
    const direct = dialogOfClient(invite(), response(200, 'Contact: <sip:bob@192.0.2.4>'), stream);
    expect(direct.nextHop()).toEqual({ uri: 'sip:bob@192.0.2.4', preferred: stream });
    direct.seenOn({ ...stream, connectionId: 'c2' });
    expect(direct.nextHop().preferred?.connectionId).toBe('c2');
    const routed = dialogOfClient(invite(), response(200, 'Record-Route: <sip:p.example;lr>'), stream);
    expect(routed.nextHop()).toEqual({ uri: 'sip:p.example;lr' });
  });
});
