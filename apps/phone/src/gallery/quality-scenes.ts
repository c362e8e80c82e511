import { ReportId } from '@offhook/contract';
import type { CallQuality, Measures, PhoneState, Verdict } from '@offhook/phone-core';
import { call, everything, full, people, states } from './builders.ts';
import { scene, type Scene } from './scene.ts';

/* How a call sounds, and what the person thought of it. */

const talking = call(states.connected, { permitted: everything });

const measures: Measures = {
  roundTripMs: 42,
  jitterMs: 4,
  lossDown: 0,
  lossUp: 0.2,
  concealed: 0.1,
  packetsCame: true,
  sourceLevel: 0.05,
  heardLevel: 0.05,
  bufferMs: 60,
  codec: 'opus',
  path: { kind: 'direct', protocol: 'udp', network: 'wifi' },
};

function sounding(verdict: Verdict, part: Partial<Measures> = {}, estimate = 92): PhoneState {
  const quality: CallQuality = { verdict, measures: { ...measures, ...part }, estimate };
  return full({ calls: [talking], quality: { [talking.callId]: quality } });
}

const question = { reportId: ReportId.parse('report-1'), remote: people.ben };

export const qualityScenes = {
  'quality-good': scene(sounding('good')),
  'quality-weak': scene(sounding('gaps_up', { lossUp: 12.4, roundTripMs: 180 }, 61)),
  'quality-gaps': scene(
    sounding(
      'gaps_down',
      { concealed: 8, path: { kind: 'relayed', protocol: 'tls', network: undefined } },
      55,
    ),
  ),
  'quality-delay': scene(sounding('delay', { roundTripMs: 640 }, 70)),
  'quality-silent': scene(sounding('microphone_silent', { sourceLevel: 0 })),
  'quality-nothing': scene(sounding('nothing_arrives', { packetsCame: false, lossDown: undefined }, 0)),
  check: scene(full(), { page: 'check' }),
  'check-running': scene(full(), { page: 'check', check: 'running' }),
  'check-failed': scene(full({ connector: 'offline' }), { page: 'check', check: 'bad' }),
  rating: scene(full({ rating: { ...question, troubles: [] } })),
  'rating-poor': scene(full({ rating: { ...question, troubles: ['gaps_up'] } })),
} satisfies Record<string, Scene>;
