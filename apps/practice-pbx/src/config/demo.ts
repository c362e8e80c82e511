import type { ExchangeConfigInput } from './exchange.ts';

/**
 * The practice world without a configuration file. Its passwords are known to everybody who can read this: good
 * enough for an address that only this machine reaches.
 */
export const DEMO_EXCHANGE: ExchangeConfigInput = {
  extensions: [
    { number: '101', name: 'Anna Berger', password: 'practice-101' },
    { number: '102', name: 'Ben Carter', password: 'practice-102' },
    { number: '201', name: 'Carla Duval', password: 'practice-201' },
    { number: '202', name: 'David Engel', password: 'practice-202' },
  ],
  phones: [
    { extension: '101', toneHz: 440 },
    { extension: '201', toneHz: 550, autoAnswerMs: 1000 },
    { extension: '202', toneHz: 660, transport: 'tcp' },
  ],
  services: [
    { number: '600', kind: 'echo', name: 'Echo test' },
    { number: '601', kind: 'tone', name: 'Tone of 1 kHz' },
    { number: '602', kind: 'digits', name: 'Keys read back as tones' },
    { number: '603', kind: 'announcement', name: 'Announcement' },
    { number: '604', kind: 'busy', name: 'Always busy' },
    { number: '605', kind: 'no-answer', name: 'Never answered' },
    { number: '606', kind: 'decline', name: 'Declines' },
  ],
};
