import { OffhookError } from '@offhook/contract';
import { expect, test } from 'vitest';
import { openAdmin, startCloud, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import {
  lineSettings,
  openClient,
  openConnector,
  signIn,
  userSnapshot,
  type ConnectorAnswers,
} from '../testing/peers.ts';

const server = useTestServer();

async function world(file: Record<string, unknown> = {}) {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme', file));
  const { key } = await admin.createKey('acme');
  const cloud = await startCloud(url, admin.secrets);
  const client = async (name = 'anna') => {
    const opened = await openClient(
      cloud.url,
      await signIn(cloud.url, `${name}@acme.example`, `${name}-password`),
    );
    return { ...opened, first: await opened.snapshot() };
  };
  return {
    url,
    admin,
    cloud,
    client,
    connect: async (answers?: ConnectorAnswers) => {
      const connector = await openConnector(cloud.url, key, answers);
      await connector.event('clients.snapshot');
      return connector;
    },
    annaId: await admin.userId('anna@acme.example'),
  };
}

const secretNumber = '+4915550101';

test('[A8 A9] what the connector accepted is answered as the platform says it, kept, and in its next configuration', async () => {
  const { connect, client, annaId, cloud } = await world();
  const asked: unknown[] = [];
  const connector = await connect({
    'settings.set': (params) => {
      asked.push(params);
      return { settings: lineSettings({ alternativeNumber: '004915550101' }) };
    },
  });
  const anna = await client();
  const { revision } = await connector.call('config.get', {});
  const change = {
    alternativeNumber: secretNumber,
    forwarding: { busy: { to: 'voicemail' } as const, noAnswer: { to: 'number', number: '102' } as const },
  };
  const { settings } = await anna.call('settings.set', { change });
  expect(settings.alternativeNumber).toBe('004915550101');
  expect(asked).toEqual([{ userId: annaId, change }]);
  await anna.call('settings.set', { change: { forwarding: { busy: null }, routing: 'desk_only' } });

  const config = await connector.call('config.get', {});
  expect(config.lines.find(({ userId }) => userId === annaId)?.kept).toEqual({
    alternativeNumber: secretNumber,
    forwarding: { busy: null, noAnswer: { to: 'number', number: '102' } },
    routing: 'desk_only',
  });
  expect(config.lines.find(({ userId }) => userId !== annaId)?.kept).toEqual({});
  // The connector knows already: nothing makes it fetch.
  expect(config.revision).toBe(revision);
  expect(connector.pending()).not.toContain('config.changed');

  const logged = cloud.logs.filter((line) => line.includes('settings changed'));
  expect(logged).toHaveLength(2);
  expect(logged[0]).toContain('"settings":["forwarding.busy","forwarding.noAnswer","alternativeNumber"]');
  expect(cloud.logs.join('')).not.toContain(secretNumber);
  const metrics = await (await fetch(cloud.metricsUrl)).text();
  expect(metrics).toContain('offhook_settings_changes_total{outcome="ok"} 2');
});

test('settings and abilities are in the snapshot, and every client of the user hears of changes', async () => {
  const { connect, client, annaId } = await world();
  const connector = await connect({
    'user.snapshot': () =>
      userSnapshot('e' as never, { settings: lineSettings(), abilities: ['settings', 'voicemail'] }),
  });
  const [one, two, ben] = [await client(), await client(), await client('ben')];
  expect(one.first).toMatchObject({ settings: lineSettings(), abilities: ['settings', 'voicemail'] });
  const settings = lineSettings({ messageWaiting: { waiting: true, newMessages: 2 } });
  connector.tell('settings.changed', { userId: annaId, settings });
  connector.tell('abilities.changed', { userId: annaId, abilities: ['placeAtDesk'] });
  for (const window of [one, two]) {
    expect(await window.event('settings.changed')).toEqual({ settings });
    expect(await window.event('abilities.changed')).toEqual({ abilities: ['placeAtDesk'] });
  }
  await ben.call('ping', {});
  expect(ben.pending()).toEqual(['welcome']);
});

test('without a line, without a connector and where it refuses, the answer says so and nothing is kept', async () => {
  const { connect, client, url, cloud } = await world();
  const change = { alternativeNumber: secretNumber };
  const [anna, ada] = [await client(), await client('admin')];
  await expect(ada.call('settings.set', { change })).rejects.toMatchObject({ code: 'no_line' });
  await expect(anna.call('settings.set', { change })).rejects.toMatchObject({ code: 'connector_offline' });
  await connect({
    'settings.set': () => {
      throw new OffhookError('feature_refused');
    },
  });
  await expect(anna.call('settings.set', { change })).rejects.toMatchObject({ code: 'feature_refused' });
  expect(await server.query(url, `SELECT 1 FROM lines WHERE kept <> '{}'`)).toEqual([]);
  const metrics = await (await fetch(cloud.metricsUrl)).text();
  expect(metrics).toContain('offhook_settings_changes_total{outcome="feature_refused"} 1');
});

test('a change that cannot be kept is answered unavailable; asked again, it is kept', async () => {
  const { connect, client, url } = await world();
  await connect({ 'settings.set': () => ({ settings: lineSettings({ routing: 'desk_only' }) }) });
  const anna = await client();
  const change = { routing: 'desk_only' } as const;
  await server.setReachable(url, false);
  await expect(anna.call('settings.set', { change })).rejects.toMatchObject({ code: 'unavailable' });
  await server.setReachable(url, true);
  expect((await anna.call('settings.set', { change })).settings.routing).toBe('desk_only');
  expect(await server.query(url, `SELECT kept FROM lines WHERE kept <> '{}'`)).toEqual([{ kept: change }]);
});

test('a configuration has the main number, the desk phone, CTI, codes and trunk; its secrets are sealed at rest and in no log', async () => {
  const [anna] = tenantFile('acme').users;
  const pbx = {
    kind: 'openscape-voice',
    host: '127.0.0.1',
    port: 5070,
    transport: 'tls',
    attachment: {
      by: 'trunk',
      register: true,
      number: '900',
      authUser: 'trunk',
      password: 'trunk-secret',
    },
    csta: { port: 1040, transport: 'tls', user: 'offhook', password: 'csta-secret' },
    codes: { voicemail: '500', park: '*70' },
    emergencyNumbers: ['112'],
    alternativeAfterSeconds: 15,
  };
  const file = {
    connectors: [{ name: 'Office', pbx }],
    users: [
      { ...anna, line: { ...anna?.line, number: '5101', mainNumber: '101', deskPhone: '7101' } },
      ...tenantFile('acme').users.slice(1),
    ],
  };
  const { url, connect, client, admin, annaId, cloud } = await world(file);
  const connector = await connect();
  const config = await connector.call('config.get', {});
  expect(config.pbx).toEqual({ ...pbx, registerExpires: 600, ringSeconds: 120 });
  expect(config.lines.find(({ userId }) => userId === annaId)).toMatchObject({
    number: '5101',
    mainNumber: '101',
    deskPhone: '7101',
  });
  expect(JSON.stringify(await server.query(url, 'SELECT config FROM pbx_configs'))).not.toContain('secret');
  expect(cloud.logs.join('')).not.toContain('-secret');

  // People know the number that they call, whichever device it rings at.
  const window = await client();
  expect(window.first.me.number).toBe('101');
  expect((await window.call('directory.search', { query: 'anna', limit: 5 })).entries).toMatchObject([
    { number: '101' },
  ]);

  // The same again changes nothing; another secret does.
  expect(await admin.apply(tenantFile('acme', file))).toMatchObject({ changed: [], created: [] });
  const changed = { ...file, connectors: [{ name: 'Office', pbx: { ...pbx, csta: undefined } }] };
  expect((await admin.apply(tenantFile('acme', changed))).changed).toEqual(['connector Office']);
  expect((await connector.call('config.get', {})).pbx.csta).toBeUndefined();
});
