import { toDeviceId } from '@offhook/csta';
import { afterEach, describe, expect, it } from 'vitest';
import { Application } from '../csta/application.test-support.ts';
import { startTestPbx } from '../pbx.test-support.ts';

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one[Symbol.asyncDispose]();
});

describe('the trace of a running PBX', () => {
  it('[A13] shows SIP and CSTA of one call in one ladder, and no other call', async () => {
    const pbx = await startTestPbx({
      platform: 'openscape-voice',
      extensions: ['101', '102', '201', '202'].map((number) => ({ number, name: number, password: number })),
      phones: ['101', '102', '201', '202'].map((extension) => ({ extension, toneHz: 440, autoAnswerMs: 0 })),
    });
    opened.push(pbx);
    const { csta } = await pbx.until('a CSTA server', (view) => view.csta !== null);
    const application = new Application(csta?.port ?? 0);
    opened.push(application);
    await application.until(() => application.statuses.at(-1) === 'ready');
    await application.watch('101', '201');

    await pbx.press('102', 'call', { to: '202' });
    await application.ask({
      name: 'MakeCall',
      callingDevice: toDeviceId('101'),
      calledDirectoryNumber: toDeviceId('201'),
    });
    await application.until(() => application.namesOf('201').includes('Established'));
    const { calls } = await pbx.until('both calls', ({ calls: all }) => all.length === 2);
    const call = calls.find(({ parties }) => parties.some(({ device }) => device === '201'));

    const textOf = async (query: string) => (await fetch(`${pbx.url}/api/trace.txt?${query}`)).text();
    const [head, ...rows] = (await textOf(`call=${call?.id}`)).trimEnd().split('\n');
    expect(head?.trim().split(/\s{2,}/u)).toEqual(['101', 'PBX', '201', 'test']);
    for (const words of [
      'INVITE 201',
      '180 Ringing',
      'MakeCallResponse',
      'DeliveredEvent',
      'EstablishedEvent',
    ]) {
      expect(rows.join('\n')).toContain(words);
    }
    expect(await textOf('')).toContain('INVITE 202');
    await pbx.quiet();
  });
});
