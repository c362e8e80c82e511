import { describe, expect, it } from 'vitest';
import { ANNA } from './fake-switch.test-support.ts';
import { CstaLab } from './lab.test-support.ts';
import { openScape4000 } from './personalities/openscape-4000.ts';
import { openScapeBusiness } from './personalities/openscape-business.ts';
import { openScapeVoice } from './personalities/openscape-voice.ts';

describe('applications', () => {
  it.each([openScapeVoice, openScape4000, openScapeBusiness])(
    '$platform: session, heartbeats, renewal',
    (personality) => {
      const lab = new CstaLab({ personality });
      expect(lab.status).toBe('ready');
      lab.advance(3_600_000);
      expect(lab.statuses).toEqual(['connecting', 'ready']);
    },
  );

  it('credentials are checked where there are some', () => {
    const credentials = { user: 'phone', password: 'secret' };
    expect(new CstaLab({ credentials }, { credentials }).status).toBe('ready');
    const wrong = new CstaLab({ credentials }, { credentials: { user: 'phone', password: 'guess' } });
    expect(wrong.status).toBe('down: session_refused');
    expect(new CstaLab({ credentials }).status).toBe('down: session_refused');
  });

  it('limits: applications: one too many is told that the server is busy', () => {
    const lab = new CstaLab({ applications: 1 });
    const another = { applicationId: 'other', user: undefined, password: undefined };
    expect(lab.desk.admit(another)).toBe('serverResourcesBusy');
    lab.cut();
    expect(lab.desk.admit(another)).toBe('admitted');
  });

  it('every misspelling is the platform’s own, and is read all the same', () => {
    const lab = new CstaLab({ personality: openScapeVoice });
    lab.watch('101');
    lab.pbx.emit({ kind: 'service', device: ANNA, inService: true });
    expect(lab.namesOf('1')).toEqual(['BackInService']);
    expect([openScapeVoice, openScape4000, openScapeBusiness].map(({ isMisspelt }) => isMisspelt)).toEqual([
      true,
      false,
      false,
    ]);
  });
});
