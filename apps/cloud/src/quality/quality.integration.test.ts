import { expect, test } from 'vitest';
import { openAdmin, startCloud, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { signIn } from '../testing/peers.ts';

/* [H3] How calls sounded is told once, and nobody is asked twice a day. */

const server = useTestServer();

const summary = {
  seconds: 60,
  roundTripMs: { mean: 40.5, worst: 80 },
  codec: 'opus',
  path: { kind: 'direct', protocol: 'udp' },
  troubles: { gaps_up: 12 },
};
const report = (reportId: string, part: object = {}) => ({
  reportId,
  callId: `call-of-${reportId}`,
  endedAt: 1_700_000_000_000,
  summary,
  wouldAsk: false,
  ...part,
});

async function world() {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  const cloud = await startCloud(url, admin.secrets);
  const anna = await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  const ben = await signIn(cloud.url, 'ben@acme.example', 'ben-password');
  const tell = async (who: typeof anna, body: object) => {
    const response = await who.post('/api/call-quality', body);
    return { status: response.status, body: (await response.json()) as { ask?: boolean } };
  };
  const rows = () =>
    server.query<Record<string, unknown>>(
      url,
      'SELECT report_id, call_id, summary, stars, reasons, asked_at, ended_at FROM call_quality ORDER BY report_id',
    );
  return { url, anna, ben, tell, rows };
}

test('[H3] a report is kept once, with its numbers, however often it is told', async () => {
  const { anna, tell, rows } = await world();
  expect(await tell(anna, report('r1'))).toEqual({ status: 200, body: { ask: false } });
  await tell(anna, report('r1', { summary: { ...summary, seconds: 1 } }));
  expect(await rows()).toMatchObject([{ report_id: 'r1', call_id: 'call-of-r1', summary, stars: null }]);
});

test('[H3] a clock that is ahead does not keep a report for longer', async () => {
  const { anna, tell, rows } = await world();
  await tell(anna, report('r1', { endedAt: Date.now() + 900 * 86_400_000 }));
  expect(Number((await rows())[0]?.['ended_at'])).toBeLessThanOrEqual(Date.now());
});

test('[H3] a person is asked once a day, the same answer is given again, and another person has a day of their own', async () => {
  const { url, anna, ben, tell } = await world();
  const asked = async (who: typeof anna, id: string) =>
    (await tell(who, report(id, { wouldAsk: true }))).body.ask;
  const atOnce = await Promise.all(['r1', 'r2', 'r3'].map((id) => asked(anna, id)));
  expect(atOnce.filter(Boolean)).toHaveLength(1);
  const winner = ['r1', 'r2', 'r3'][atOnce.indexOf(true)] ?? '';
  expect(await asked(anna, winner)).toBe(true);
  expect(await asked(anna, 'r4')).toBe(false);
  expect(await asked(ben, 'r5')).toBe(true);
  await server.query(url, 'UPDATE call_quality SET asked_at = asked_at - 86400001');
  expect(await asked(anna, 'r6')).toBe(true);
});

test('[H3] an opinion stands with the report of its person and no other', async () => {
  const { anna, ben, tell, rows } = await world();
  await tell(anna, report('r1', { wouldAsk: true }));
  const rating = { reportId: 'r1', stars: 2, reasons: ['gaps', 'delay'] };
  expect((await ben.post('/api/call-quality/rating', rating)).status).toBe(404);
  expect((await anna.post('/api/call-quality/rating', rating)).status).toBe(204);
  expect(await rows()).toMatchObject([{ stars: 2, reasons: ['gaps', 'delay'] }]);
  expect((await anna.post('/api/call-quality/rating', { ...rating, stars: 6 })).status).toBe(400);
});
