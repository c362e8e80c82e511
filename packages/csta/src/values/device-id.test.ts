import { describe, expect, it } from 'vitest';
import { formatDeviceId, parseDeviceId } from './device-id.ts';

describe('device identifiers', () => {
  it.each([
    ['101', { number: '101' }],
    ['N<101>', { number: '101' }],
    ['N<8001>Müller', { number: '8001', name: 'Müller' }],
    ['N<302118840100>;noa=nk', { number: '302118840100', noa: 'nk' }],
    [
      'N<7868772298>Line71001;displayNumber=+1786;noa=nk;uid=FF00010000000000EC6114647E570000',
      {
        number: '7868772298',
        name: 'Line71001',
        displayNumber: '+1786',
        noa: 'nk',
        uid: 'FF00010000000000EC6114647E570000',
      },
    ],
    ['N+1122334455', { number: '+1122334455' }],
    ['N<101!5&6/7%8>Anna', { number: '101', name: 'Anna' }],
    ['tel:+4989101;phone-context=x', { number: '+4989101' }],
    ['sip:101@pbx.example;user=phone', { number: '101' }],
    ['101;noa=nk', { number: '101', noa: 'nk' }],
    ['N<', { number: 'N<' }],
    ['', { number: '' }],
  ])('[ECMA-269] %s', (id, details) => {
    expect(parseDeviceId(id)).toEqual(details);
  });

  it('is not read beyond what a name can be', () => {
    expect(parseDeviceId(`N<1>${'a'.repeat(100_000)}`).name).toHaveLength(508);
  });

  it('[ECMA-269] each style is read back', () => {
    const details = { number: '101', name: 'Anna', displayNumber: '0101', noa: 'nk', uid: 'FF' };
    expect(formatDeviceId(details, 'switching_function')).toBe('N<101>Anna;displayNumber=0101;noa=nk;uid=FF');
    expect(parseDeviceId(formatDeviceId(details, 'switching_function'))).toEqual(details);
    expect(formatDeviceId({ number: '+49101' }, 'plus')).toBe('N+49101');
    expect(formatDeviceId(details, 'bare')).toBe('101');
  });

  it('a name cannot become another identifier', () => {
    const id = formatDeviceId({ number: '1>2', name: '>;uid=1;x<' }, 'switching_function');
    expect(parseDeviceId(id)).toEqual({ number: '12', name: 'uid=1x' });
  });
});
