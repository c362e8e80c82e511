import { describe, expect, it } from 'vitest';
import { clientEvents, clientMethods, FrameFromClient, FrameToClient } from './client.ts';
import { connectorMethods, FrameFromConnector, FrameToConnector, linkMethods } from './link.ts';
import { OLDEST_PROTOCOL_VERSION, PROTOCOL_VERSION } from './version.ts';

describe('frames', () => {
  it('tells hello, request, answer and event apart by their type', () => {
    expect(FrameFromClient.safeParse({ type: 'hello', protocol: 1, clientId: 'w1' }).success).toBe(true);
    expect(FrameFromClient.safeParse({ type: 'event', seq: 1, name: 'x', data: {} }).success).toBe(false);
    expect(FrameFromConnector.safeParse({ type: 'event', seq: 1, name: 'x', data: {} }).success).toBe(true);
    expect(FrameToClient.safeParse({ type: 'answer', id: 1, ok: true, result: {} }).success).toBe(true);
    expect(FrameToConnector.safeParse({ type: 'request', id: 0, method: 'x', params: {} }).success).toBe(
      false,
    );
  });

  it('answers a failure only with a code of the closed set', () => {
    const frame = { type: 'answer', id: 1, ok: false, error: { code: 'made_up', message: 'x' } };
    expect(FrameToClient.safeParse(frame).success).toBe(false);
  });

  it('speaks a range of versions that is not empty', () => {
    expect(OLDEST_PROTOCOL_VERSION).toBeLessThanOrEqual(PROTOCOL_VERSION);
  });
});

describe('method tables', () => {
  it('lets the connector do every call method that a client may ask', () => {
    const ofCalls = Object.keys(clientMethods).filter((method) => method.startsWith('call.'));
    expect(Object.keys(connectorMethods)).toEqual(expect.arrayContaining(ofCalls));
  });

  it('bounds what one request may carry', () => {
    const offer = 'v'.repeat(40_000);
    const place = clientMethods['call.place'].params;
    expect(place.safeParse({ to: '201', offer, correlationId: 'c1' }).success).toBe(false);
    expect(place.safeParse({ to: '201', offer: 'v=0', correlationId: 'c1' }).success).toBe(true);
    expect(linkMethods['records.append'].params.safeParse({ records: [] }).success).toBe(false);
  });

  it('keeps calls unknown apart from no calls in a snapshot', () => {
    const me = { userId: 'u', tenantId: 't', tenantName: 'T', email: 'e', name: 'N', role: 'user' };
    const presence = { state: 'offline', line: 'unknown', choice: 'automatic' };
    const snapshot = { me, connector: 'offline', presence, abilities: [], calls: { known: false } };
    expect(clientEvents.snapshot.parse(snapshot).calls).toEqual({ known: false });
  });
});
