import { header } from '@offhook/sip';
import { openNodeEndpoint } from '@offhook/sip-node';

const [user = '102', password = '', pbx = '127.0.0.1:5070', callee] = process.argv.slice(2);
const here = 'IN IP4 127.0.0.1';
const sdp = ['v=0', `o=- 1 1 ${here}`, 's=-', `c=${here}`, 't=0 0', 'm=audio 9 RTP/AVP 8', ''].join('\r\n');
const voice = { contentType: 'application/sdp', bytes: new TextEncoder().encode(sdp) };
const credentials = { username: user, password };
const aor = `sip:${user}@${pbx}`;

const phone = await openNodeEndpoint({
  product: 'Thirty lines',
  listen: [{ transport: 'udp', address: '127.0.0.1', port: 0 }],
  onEvent(event) {
    if (event.type === 'registration.changed') console.log(event.state);
    if (event.type === 'registration.changed' && event.state.name === 'unregistered') void phone.close();
    if (event.type === 'session.incoming') console.log(`call from ${header(event.request, 'from')}`);
    if (event.type === 'session.incoming') phone.run((sip, now) => sip.accept(event.session, voice, now));
    if (event.type === 'session.reoffer') phone.run((sip, now) => sip.acceptOffer(event.session, voice, now));
    if (event.type === 'session.accepted') console.log('they have answered');
    if (event.type === 'session.ended') console.log('over', event.end);
  },
});
const line = phone.run((sip, now) =>
  sip.register({ registrar: `sip:${pbx}`, aor, contactUser: user, expires: 600, credentials }, now),
);
const call = { to: `sip:${callee}@${pbx}`, from: aor, offer: voice, credentials };
if (callee !== undefined) phone.run((sip, now) => sip.invite(call, now));
process.once('SIGINT', () => phone.run((sip, now) => sip.unregister(line, now)));
