import type { ExchangeConfigInput } from './exchange.ts';

/**
 * The practice world without a configuration file. Its passwords are known to everybody who can read this: good
 * enough for an address that only this machine reaches.
 */
export const DEMO_EXCHANGE: ExchangeConfigInput = {
  extensions: [
    { number: '101', name: 'Anna Berger', password: 'practice-101', mailbox: {}, alternative: '+4915550101' },
    { number: '102', name: 'Ben Carter', password: 'practice-102', mailbox: {} },
    { number: '201', name: 'Carla Duval', password: 'practice-201', mailbox: {} },
    { number: '202', name: 'David Engel', password: 'practice-202', mailbox: {} },
    { number: '203', name: 'Emma Fisher', password: 'practice-203', mailbox: {} },
    { number: '204', name: 'Farid Gomez', password: 'practice-204', mailbox: {} },
  ],
  phones: [
    { extension: '101', toneHz: 440 },
    { extension: '102', toneHz: 500 },
    { extension: '201', toneHz: 550, autoAnswerMs: 1000 },
    { extension: '202', toneHz: 660, transport: 'tcp' },
  ],
  outside: [
    { number: '+4915550101', name: 'Anna’s mobile', toneHz: 770 },
    { number: '+4930123456', name: 'A customer', toneHz: 880 },
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
