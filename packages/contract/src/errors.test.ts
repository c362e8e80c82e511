import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { errorCodes, errorSentences, OffhookError, WireError } from './errors.ts';

describe('errors across a border', () => {
  it('has a whole sentence for every code', () => {
    for (const code of errorCodes) expect(errorSentences[code]).toMatch(/^[A-Z].+\.$/u);
  });

  it('comes back from the wire as it went', () => {
    const sent = new OffhookError('rate_limited', { retryAfter: 30 });
    const received = OffhookError.fromWire(
      WireError.parse(JSON.parse(JSON.stringify(sent.toWire('click-1')))),
    );
    expect(received).toMatchObject({ code: 'rate_limited', retryAfter: 30, message: sent.message });
  });

  it('[A4] says what stood in the way; what a newer peer says and nobody here knows is passed over', () => {
    const sent = new OffhookError('transfer_failed', { hindrance: 'busy' }).toWire();
    expect(OffhookError.fromWire(WireError.parse(sent)).hindrance).toBe('busy');
    const newer = WireError.parse({ ...sent, hindrance: 'full_moon' });
    expect(OffhookError.fromWire(newer)).toMatchObject({ code: 'transfer_failed', hindrance: undefined });
  });

  it('turns a schema fault into bad_request that names the fields', () => {
    const fault = z.object({ to: z.string() }).safeParse({ to: 1 });
    expect(OffhookError.from(fault.error)).toMatchObject({ code: 'bad_request', fields: ['to'] });
  });

  it('never shows the text of an unknown exception to a peer', () => {
    const wire = OffhookError.from(new Error('password=secret')).toWire();
    expect(wire.code).toBe('internal');
    expect(JSON.stringify(wire)).not.toContain('secret');
  });
});
