import { OffhookError, type linkMethods, type Result } from '@offhook/contract';
import { VirtualClock } from '@offhook/testkit';
import { describe, expect, test } from 'vitest';
import type { ConnectorConfig } from '../lines/lines.ts';
import { id } from '../testing/ids.ts';
import { quiet } from '../testing/log.ts';
import { clockOn, settle } from '../testing/virtual-clock.ts';
import { Configuration } from './configuration.ts';
import { plainPbx } from '../testing/pbx-config.ts';

type Page = Result<typeof linkMethods, 'config.get'>;

const page = (revision: number, names: string[], next?: string): Page => ({
  revision,
  pbx: {
    kind: 'generic-sip',
    host: '192.0.2.1',
    port: 5060,
    transport: 'udp',
    registerExpires: 600,
    ringSeconds: 120,
    ...plainPbx,
  },
  lines: names.map((name) => ({
    lineId: id.line(name),
    userId: id.user(name),
    number: '1',
    displayName: name,
    authUser: name,
    password: 'secret',
    kept: {},
  })),
  ...(next === undefined ? {} : { next }),
});

/** A cloud that gives these answers, one after the other. */
function setUp(answers: (Page | OffhookError)[]) {
  const time = new VirtualClock();
  const asked: unknown[] = [];
  const applied: ConnectorConfig[] = [];
  const link = {
    up: true,
    request: (_method: string, params: unknown) => {
      asked.push(params);
      const answer = answers.shift() ?? new OffhookError('timeout');
      return answer instanceof OffhookError ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
  const configuration = new Configuration({
    link: link as never,
    clock: clockOn(time),
    random: () => 0.5,
    log: quiet,
    apply: (config) => applied.push(config),
  });
  return { time, asked, applied, link, configuration };
}

describe('the configuration', () => {
  test('is put together from its pages', async () => {
    const { asked, applied, configuration } = setUp([page(7, ['a', 'b'], 'p2'), page(7, ['c'])]);
    configuration.refresh();
    await settle();
    expect(asked).toEqual([{}, { cursor: 'p2' }]);
    expect(applied.map(({ revision, lines }) => [revision, lines.map(({ lineId }) => lineId)])).toEqual([
      [7, ['a', 'b', 'c']],
    ]);
    expect(configuration.revision).toBe(7);
  });

  test('whose pages are of two revisions is fetched again', async () => {
    const { time, applied, configuration } = setUp([
      page(7, ['a'], 'p2'),
      page(8, ['c']),
      page(8, ['a', 'c']),
    ]);
    configuration.refresh();
    await settle();
    expect(applied).toEqual([]);
    time.advance(250);
    await settle();
    expect(applied.map(({ revision }) => revision)).toEqual([8]);
  });

  test('that changes while it is fetched is fetched once more; what is in force is not applied again', async () => {
    const { asked, applied, configuration } = setUp([page(7, ['a']), page(8, ['a'])]);
    configuration.refresh();
    configuration.changed(8);
    configuration.changed(8);
    await settle();
    expect(asked).toHaveLength(2);
    expect(applied.map(({ revision }) => revision)).toEqual([7, 8]);
    configuration.changed(8);
    await settle();
    expect(asked).toHaveLength(2);
  });

  test('that cannot be had is asked for again with back-off, and not while the link is down', async () => {
    const { time, asked, applied, link, configuration } = setUp([
      new OffhookError('unavailable'),
      new OffhookError('unavailable'),
      page(1, ['a']),
    ]);
    configuration.refresh();
    await settle();
    time.advance(250);
    await settle();
    expect(asked).toHaveLength(2);
    link.up = false;
    configuration.pause();
    time.advance(60_000);
    await settle();
    expect(asked).toHaveLength(2);
    link.up = true;
    configuration.refresh();
    await settle();
    expect(applied).toHaveLength(1);
    expect(time.pending).toBe(0);
  });
});
