import { SipEndpoint } from '@offhook/sip';
import type { EndpointEvent } from '@offhook/sip';
import { SeededRandom, SimulatedNetwork, SipHost, VirtualClock } from '@offhook/testkit';
import { runMeasure } from './measure.ts';
import { cpuTime, row } from './statistics.ts';

/**
 * Two endpoints on the simulated network with virtual time and no loss: MESSAGE and 200, and whole calls. A transaction
 * counts once, though a client and a server machine run for each.
 */
const names = ['192.0.2.1', '192.0.2.2'] as const;
const answer = { contentType: 'application/sdp', bytes: new TextEncoder().encode('v=0\r\n') };
const inFlight = 100;

await runMeasure(({ isQuick, runs }) => {
  const count = isQuick ? 5_000 : 50_000;
  const messages: number[] = [];
  const calls: number[] = [];
  // The first round warms up.
  for (let run = -1; run < runs; run += 1) {
    const rates = [perSecond(run, count, sendMessage), perSecond(run, count / 5, call)] as const;
    if (run < 0) continue;
    messages.push(rates[0]);
    calls.push(rates[1]);
  }
  return [
    row('transactions_per_s', 'simulated: MESSAGE transactions', 'per CPU second', messages),
    row('simulated_calls_per_s', 'simulated: calls (INVITE, ACK, BYE)', 'per CPU second', calls),
  ];
});

type Start = (caller: SipHost<SipEndpoint>) => void;

function sendMessage(caller: SipHost<SipEndpoint>): void {
  caller.run((sip, now) =>
    sip.request({ method: 'MESSAGE', to: `sip:b@${names[1]}`, from: `sip:a@${names[0]}` }, now),
  );
}

function call(caller: SipHost<SipEndpoint>): void {
  caller.run((sip, now) =>
    sip.invite({ to: `sip:b@${names[1]}`, from: `sip:a@${names[0]}`, offer: answer }, now),
  );
}

/** Starts one more whenever one is over, until `count` are; gives how many that is in a second of CPU. */
function perSecond(seed: number, count: number, start: Start): number {
  const clock = new VirtualClock();
  const random = new SeededRandom(seed);
  const network = new SimulatedNetwork({ clock, random });
  let begun = 0;
  let over = 0;
  const begin = (): void => {
    if (begun >= count) return;
    begun += 1;
    start(caller);
  };
  const host = (address: string, onEvent: (event: EndpointEvent) => void) => {
    const place = { address, port: 5060 };
    const local = [{ transport: 'udp', ...place }] as const;
    const limits = { transactions: 1_000_000 };
    const endpoint = new SipEndpoint({ random: random.fork().bytes, product: 'Bench', local, limits });
    return new SipHost({ network, clock, place, endpoint, onEvent });
  };
  const caller = host(names[0], (event) => {
    if (event.type === 'session.accepted') caller.run((sip, now) => sip.end(event.session, now));
    else if (event.type === 'response' || event.type === 'session.ended') {
      over += 1;
      begin();
    }
  });
  const callee = host(names[1], (event) => {
    if (event.type === 'request') callee.run((sip, now) => sip.respond(event.requestId, 200, now));
    if (event.type === 'session.incoming') callee.run((sip, now) => sip.accept(event.session, answer, now));
  });
  const cpu = cpuTime();
  for (let index = 0; index < inFlight; index += 1) begin();
  clock.runToEnd(1e9);
  if (over !== count) throw new Error(`${over} of ${count} came to an end`);
  return count / ((cpuTime() - cpu) / 1e6);
}
