import { createEmbeddedEngine } from '../embedded/create.ts';
import { TestCall } from './call.ts';

/** A program that makes two calls, closes the engine and has nothing left to do: it ends by itself, or a test fails. */
const engine = await createEmbeddedEngine({
  browserUdpPort: 0,
  pbxAddress: '127.0.0.1',
  pbxPortRange: { first: 20_000, last: 29_999 },
});
const call = await TestCall.open(engine);
await call.dial('PCMA');
await call.attach('one');
await call.attach('two');
const unanswered = await TestCall.open(engine);
await unanswered.bridge.openBrowserLeg('never', await unanswered.browser().offer());
await engine.close();
await Promise.all([call.close(), unanswered.close()]);
process.disconnect?.();
