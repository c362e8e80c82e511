import { describe, expect, it } from 'vitest';
import { DEMO_EXCHANGE } from '../config/demo.ts';
import { Directory } from '../config/directory.ts';
import { exchangeConfig } from '../config/exchange.ts';
import { numberOf } from './numbers.ts';
import { route } from './routing.ts';
import type { RingingPlace } from './types.ts';

const directory = new Directory(exchangeConfig.parse(DEMO_EXCHANGE));
const places: readonly RingingPlace[] = [
  { uri: 'sip:101@192.0.2.1', target: { transport: 'udp', address: '192.0.2.1', port: 5060 } },
];
const nowhere = () => [];

describe('where a number leads', () => {
  it('an extension: to all its devices, for its ring time', () => {
    expect(route('101', directory, () => places)).toEqual({
      kind: 'to',
      person: { number: '101', name: 'Anna Berger' },
      destination: { kind: 'extension', places, ringTime: 30_000 },
    });
  });

  it.each([
    ['101', 480],
    ['604', 486],
    ['606', 603],
    ['999', 404],
    [undefined, 404],
  ])('[RFC3261-21] %s with nobody registered: %i', (number, status) => {
    expect(route(number, directory, nowhere)).toEqual({ kind: 'refuse', status });
  });

  it.each([
    ['600', { kind: 'service', service: 'echo' }],
    ['603', { kind: 'service', service: 'announcement' }],
    ['605', { kind: 'nobody', ringTime: 30_000 }],
  ])('%s answers, or does not, by itself', (number, destination) => {
    expect(route(number, directory, nowhere)).toMatchObject({ kind: 'to', destination });
  });

  it.each([
    ['sip:200@pbx', '200'],
    ['sip:*21%23@pbx;user=phone', '*21#'],
    ['tel:+49-30-1', '+49301'],
    ['sip:pbx', undefined],
    ['mailto:a@b', undefined],
  ])('[RFC3261-19.1.1] the number in %s', (uri, number) => {
    expect(numberOf(uri)).toBe(number);
  });
});
