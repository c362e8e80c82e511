import { OffhookError } from '@offhook/contract';
import type { EndpointEvent, SessionId, SipEndpointApi, SipResponse } from '@offhook/sip';
import { VirtualClock } from '@offhook/testkit';
import { describe, expect, test } from 'vitest';
import type { LineOfUser } from '../../calls/lines.ts';
import { id } from '../../testing/ids.ts';
import { clockOn, settle } from '../../testing/virtual-clock.ts';
import { FeatureDialler } from './dial-feature.ts';

const line: LineOfUser = {
  line: {
    lineId: id.line('line-anna'),
    userId: id.user('anna'),
    number: '101',
    displayName: 'Anna',
    authUser: '101',
    password: 'secret',
    kept: {},
  },
  registered: true,
  credentials: { username: '101', password: 'secret' },
  target: undefined,
  route: [],
  domain: 'pbx.example',
};
const response = (status: number): SipResponse => ({
  kind: 'response',
  status,
  reason: 'Reason',
  headers: [],
  body: new Uint8Array(),
});
const body = { contentType: 'application/sdp', bytes: new Uint8Array() };

/** A dialler on an endpoint that only notes what it is told. */
function setUp() {
  const time = new VirtualClock();
  const commands: string[] = [];
  const endpoint = {
    invite: ({ to }: { to: string }) => {
      commands.push(`invite ${to}`);
      return commands.length as SessionId;
    },
    end: (session: SessionId) => {
      commands.push(`end ${String(session)}`);
    },
  } as unknown as SipEndpointApi;
  const dialler = new FeatureDialler(
    { run: (command) => command(endpoint, time.now) },
    clockOn(time),
    () => 'id',
  );
  const outcomes: string[] = [];
  const dial = async (code: string, of = line): Promise<void> => {
    void dialler.dial(of, code).then(
      () => outcomes.push('done'),
      (error: unknown) => outcomes.push(OffhookError.from(error).message),
    );
    await settle();
  };
  const say = async (event: EndpointEvent): Promise<boolean> => {
    const isOurs = dialler.onSip(event);
    await settle();
    return isOurs;
  };
  return { time, commands, dialler, dial, say, outcomes };
}

const session = 1 as SessionId;
const announced: EndpointEvent = {
  type: 'session.progress',
  session,
  response: response(183),
  body,
  reliable: false,
  needsAnswer: false,
};
const accepted: EndpointEvent = {
  type: 'session.accepted',
  session,
  response: response(200),
  info: { callId: 'call', localUri: '', remoteUri: '' },
  needsAnswer: false,
};
const refused = (status: number): EndpointEvent => ({
  type: 'session.ended',
  session,
  end: { by: 'refused', response: response(status) },
});

describe('a feature code', () => {
  test('that is answered is done; the PBX hangs up, or we do', async () => {
    const { time, commands, dial, say, outcomes } = setUp();
    await dial('*21*203');
    expect(commands).toEqual(['invite sip:*21*203@pbx.example']);
    await say(accepted);
    expect(outcomes).toEqual(['done']);
    time.advance(2_000);
    expect(commands.at(-1)).toBe('end 1');
  });

  test('that the PBX announces for three seconds is done as well', async () => {
    const { time, commands, dial, say, outcomes } = setUp();
    await dial('*25');
    await say(announced);
    time.advance(2_999);
    await settle();
    expect(outcomes).toEqual([]);
    time.advance(1);
    await settle();
    expect(outcomes).toEqual(['done']);
    expect(commands.at(-1)).toBe('end 1');
  });

  test('whose announcement ends with a refusal is refused', async () => {
    const { time, dial, say, outcomes } = setUp();
    await dial('*25');
    await say(announced);
    await say(refused(603));
    expect(outcomes).toEqual(['Your telephone system refused this: 603 Reason.']);
    time.advance(10_000);
    await settle();
    expect(outcomes).toHaveLength(1);
  });

  test('waits for the one before it', async () => {
    const { commands, dial, say, outcomes } = setUp();
    await dial('*25');
    await dial('#25');
    expect(commands).toHaveLength(1);
    await say(refused(403));
    expect(commands).toEqual(['invite sip:*25@pbx.example', 'invite sip:%2325@pbx.example']);
    expect(outcomes).toHaveLength(1);
  });

  test('is not dialled on a line that is not registered', async () => {
    const { commands, dial, outcomes } = setUp();
    await dial('*25', { ...line, registered: false });
    expect(commands).toEqual([]);
    expect(outcomes).toEqual(['Your line is not registered at the telephone system.']);
  });

  test('leaves other sessions alone', async () => {
    const { dial, say } = setUp();
    await dial('*25');
    expect(await say({ ...accepted, session: 7 as SessionId })).toBe(false);
  });

  test('that is under way when the platform stops is given up', async () => {
    const { commands, dial, dialler, outcomes } = setUp();
    await dial('*25');
    dialler.stop();
    await settle();
    expect(outcomes).toEqual(['The service is not available at the moment. Please try again.']);
    expect(commands.at(-1)).toBe('end 1');
  });
});
